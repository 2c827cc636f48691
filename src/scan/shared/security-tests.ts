import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { ActionUse, Job, Pipeline, Script, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { shellCommandsOf, withoutPrefixes } from '#pipeline/shell-commands.ts';
import type { Place, Start } from '#pipeline/surface.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import { isGitlabJob, runningJobs, startsOfStep, surfaceOf } from './job-surface.ts';
import { failsOnFinding, kindsOf, toolsNamed, toolsOfCommand } from './security-tools.ts';
import type { SecurityTool, TestKind } from './security-tool.ts';
import { jobImportsOf } from './third-parties.ts';

/** One run of a security tool in a job. */
export interface SecurityTest extends Place {
  readonly tool: string;
  readonly kinds: readonly TestKind[];
  readonly job: Job;
  readonly starts: readonly Start[];
  /** What it looks at, as far as the file says: an image, a path. */
  readonly subject: string | undefined;
  /** Why a finding stops nothing; undefined when it ends the job. */
  readonly ignoredBecause: string | undefined;
}

const ACTIONS_DEEP_MAX = 3;
const STEPS_MAX = 500;
const OPTIONS_CHARACTERS_MAX = 4_000;
const LINE_CHARACTERS_MAX = 500;

/** The words of the platforms for “a failure does not matter”. */
const LENIENT: readonly (readonly [key: string, value: RegExp])[] = [
  ['continue-on-error', /^true$/i],
  ['continueOnError', /^true$/i],
  ['failure', /^ignore$/],
  ['onError', /^continue$/],
];

function findLenience(holder: Step | Job): string | undefined {
  for (const [key, value] of LENIENT) {
    const written = asScalar(findValue(holder.node, key))?.value;
    if (written !== undefined && value.test(written)) return `\`${key}: ${written}\``;
  }
  return undefined;
}

function lenienceOfJob(job: Job): string | undefined {
  const isAllowed = isGitlabJob(job) && (job.failureAllowed === true || job.allowFailure !== undefined);
  return isAllowed ? '`allow_failure: true`' : findLenience(job);
}

/** What behind a command makes its failure nothing: `|| true`, a pipe without `pipefail`. */
function lenienceOfCommand({ text, shell }: Script, start: number, length: number): string | undefined {
  const behind =
    text.value.slice(start + length, start + length + LINE_CHARACTERS_MAX).split('\n', 1)[0] ?? '';
  if (/^\s*\|\|\s*(?:true|:|exit\s+0|echo|printf|warn)/.test(behind)) return '`|| true` or its like';
  const before = text.value.slice(Math.max(0, start - 20_000), start);
  if (before.lastIndexOf('set +e') > before.lastIndexOf('set -e')) return '`set +e`';
  // Without `shell: bash`, GitHub runs `bash -e` alone; most others run `sh -e`.
  const hasPipefail = before.includes('pipefail') || /bash/.test(shell?.value ?? '');
  return /^\s*\|(?!\|)/.test(behind) && !hasPipefail ? 'a pipe, without `pipefail`' : undefined;
}

const SUBJECT =
  /(?:^|\n)(?:image|image-ref|image_ref|path|scan-path|scan-ref|target|directory|working-directory|sarif_file|subject-name|subject-path|images?): ([^\n]{1,100})/;

function subjectOf(options: string, command: string | undefined): string | undefined {
  const input = SUBJECT.exec(options)?.[1];
  if (input !== undefined || command === undefined) return input?.trim();
  const words = command
    .split(/\s+/, 40)
    .slice(1)
    .filter((word) => !word.startsWith('-') && /[./:$]/.test(word));
  return words.at(-1)?.replaceAll(/["']/g, '').slice(0, 80);
}

interface Where {
  readonly job: Job;
  readonly step: Step | undefined;
  readonly starts: readonly Start[];
}

function toTest(
  tool: SecurityTool,
  options: string,
  place: Place,
  { job, step, starts }: Where,
  command?: { readonly code: string; readonly lenience: string | undefined },
): SecurityTest[] {
  const kinds = kindsOf(tool, options);
  if (kinds.length === 0) return [];
  const lenience =
    command?.lenience ?? (step === undefined ? undefined : findLenience(step)) ?? lenienceOfJob(job);
  const own = failsOnFinding(tool, options) ? undefined : 'it only reports as it is set up';
  const { source, span } = place;
  const subject = subjectOf(options, command?.code);
  return [{ tool: tool.tool, kinds, job, starts, subject, ignoredBecause: lenience ?? own, source, span }];
}

function optionsOf({ inputs }: ActionUse): string {
  return inputs
    .slice(0, 100)
    .map(({ name, value }) => `${name}: ${value?.value ?? ''}`)
    .join('\n')
    .slice(0, OPTIONS_CHARACTERS_MAX);
}

function nameOf({ reference }: ActionUse): string {
  if (reference.kind === 'image') return reference.image?.name ?? '';
  return reference.path === '' ? reference.repository : `${reference.repository}/${reference.path}`;
}

function testsOfScript(script: Script, where: Where): SecurityTest[] {
  return shellCommandsOf(script.text.value).flatMap((command) => {
    const { code, start } = withoutPrefixes(command);
    const image = /^(?:docker|podman)\s+run\s/.test(code) ? imageOf(code) : undefined;
    const tools = image === undefined ? toolsOfCommand(code) : toolsNamed(image);
    if (tools.length === 0) return [];
    const place = { source: script.text.source, span: script.text.span(start, start + code.length) };
    const lenience = lenienceOfCommand(script, start, code.length);
    const options = code.replaceAll(/\s+/g, ' ');
    return tools.flatMap((tool) => toTest(tool, options, place, where, { code, lenience }));
  });
}

/** The first word that looks like an image whose tools are known. */
function imageOf(code: string): string | undefined {
  const words = code.split(/\s+/, 60).map((word) => word.replace(/[@:][^/]*$/, ''));
  return words.find((word) => word.includes('/') && toolsNamed(word).length > 0);
}

function testsOfStep(step: Step, where: Where, repository: Repository, depth: number): SecurityTest[] {
  const { work } = step;
  if (work.kind === 'script') return testsOfScript(work, where);
  if (work.kind !== 'action') return [];
  const inner = repository.resolveStep(step);
  if (inner !== undefined) {
    if (depth >= ACTIONS_DEEP_MAX) return [];
    const steps = inner.jobs.flatMap((job) => job.steps).slice(0, STEPS_MAX);
    return steps.flatMap((each) => testsOfStep(each, where, repository, depth + 1));
  }
  const place = { source: work.text.source, span: work.text.node };
  return toolsNamed(nameOf(work)).flatMap((tool) => toTest(tool, optionsOf(work), place, where));
}

/** Images and plug-ins that a job runs in, where the platform has no steps for them. */
function testsOfImports(pipeline: Pipeline, repository: Repository): SecurityTest[] {
  return jobImportsOf(pipeline).flatMap(({ use, job }) => {
    if (job === undefined || use.kind === 'tool' || use.kind === 'action') return [];
    const where = { job, step: undefined, starts: surfaceOf(job, repository).starts };
    // An image that scripts run in is a test by its commands alone; a plug-in, an orb or a task is one by its name.
    if (use.kind === 'image' && job.steps.some(({ work }) => work.kind === 'script')) return [];
    return toolsNamed(use.name).flatMap((tool) => toTest(tool, '', use, where));
  });
}

/** Jobs of GitLab’s own templates: they let failures pass, and run where their rules say. */
function testsOfTemplates(pipeline: Pipeline, repository: Repository): SecurityTest[] {
  if (!isGitlabPipeline(pipeline)) return [];
  return jobImportsOf(pipeline).flatMap(({ use }) => {
    const [job] = pipeline.jobs;
    if (use.kind !== 'template' || job === undefined) return [];
    const starts = [...new Set(pipeline.jobs.flatMap((each) => surfaceOf(each, repository).starts))];
    return toolsNamed(use.name.replace(/~.*$/, '')).flatMap((tool) =>
      toTest(tool, '', use, { job, step: undefined, starts }),
    );
  });
}

function findTests(repository: Repository): readonly SecurityTest[] {
  const steps = runningJobs(repository).flatMap((job) =>
    job.steps.slice(0, STEPS_MAX).flatMap((step) => {
      const { work } = step;
      if (work.kind === 'other') return [];
      return testsOfStep(step, { job, step, starts: startsOfStep(step, repository) }, repository, 0);
    }),
  );
  const pipelines = repository.pipelines.filter(({ kind }) => kind !== 'action');
  const all = [
    ...steps,
    ...pipelines.flatMap((each) => testsOfImports(each, repository)),
    ...pipelines.flatMap((each) => testsOfTemplates(each, repository)),
  ];
  // A task can be a step and an import.
  return [
    ...new Map(
      all.map((test) => [`${test.tool} ${test.job.id} ${test.source.file} ${test.span.start}`, test]),
    ).values(),
  ];
}

/** Every security test that the pipelines of a repository run. */
export const securityTestsOf = memoize(findTests);
