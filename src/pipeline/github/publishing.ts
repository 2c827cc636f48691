import type { ActionUse, Job, Pipeline, Script } from '../model.ts';
import { commandsOfText } from '../shell-commands.ts';
import type { Span } from '../source.ts';

/** Actions that hand something to the public, by their own description. */
const PUBLISHERS = new Set([
  'pypa/gh-action-pypi-publish',
  'js-devtools/npm-publish',
  'rubygems/release-gem',
  'softprops/action-gh-release',
  'ncipollo/release-action',
  'goreleaser/goreleaser-action',
  'actions/attest-build-provenance',
  'changesets/action',
  'cycjimmy/semantic-release-action',
  'actions/create-release',
  'actions/upload-release-asset',
  'svenstaro/upload-release-action',
  'marvinpinto/action-automatic-releases',
  'ad-m/github-push-action',
  'actions/deploy-pages',
]);
/** Bounds how far patterns look ahead; the commands are looked at one by one behind it. */
const SCRIPT_CHARS_MAX = 200_000;
const COMMANDS =
  /\b(?:npm|pnpm|yarn(?:\s+npm)?|bun|lerna|cargo|poetry|uv|pdm|flit|hatch|deno|jsr)\s+publish\b|\btwine\s+upload\b|\bgem\s+push\b|\bgh\s+release\s+(?:create|upload)\b|\bdocker\s+push\b|\bgoreleaser\s+release\b|\bdotnet\s+nuget\s+push\b|\bmvn\b[^\n]{0,300}\bdeploy\b|\bsemantic-release\b/;

/** Words that make a rehearsal of it, or only print it. */
const REHEARSES = /\s--(?:dry-?run|snapshot|skip=\S*publish|skip-publish)\b|^(?:echo|printf)\s/;

export interface Publication {
  readonly span: Span;
  readonly what: string;
}

function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value;
}

function publishedByAction(use: ActionUse): Publication | undefined {
  const { repository } = use.reference;
  const span = use.text.node;
  if (PUBLISHERS.has(repository)) {
    const rehearses = REHEARSES.test(` ${inputOf(use, 'args') ?? ''}`) || inputOf(use, 'dry-run') === 'true';
    return rehearses ? undefined : { span, what: repository };
  }
  const push = inputOf(use, 'push');
  const pushes = repository === 'docker/build-push-action' && push !== undefined && push !== 'false';
  return pushes ? { span, what: 'pushes an image' } : undefined;
}

function publishedByScript(script: Script): Publication | undefined {
  if (!COMMANDS.test(script.text.value.slice(0, SCRIPT_CHARS_MAX))) return undefined;
  for (const { code, start } of commandsOfText(script.text)) {
    const match = REHEARSES.test(code) ? null : COMMANDS.exec(code);
    if (match === null) continue;
    const at = start + match.index;
    return { span: script.text.span(at, at + match[0].length), what: match[0] };
  }
  return undefined;
}

/** The first thing in a job that others will install or run. */
export function findPublication(job: Job): Publication | undefined {
  for (const { work } of job.steps) {
    const found =
      work.kind === 'action'
        ? publishedByAction(work)
        : work.kind === 'script'
          ? publishedByScript(work)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const JOBS_MAX = 200;
const ROUNDS_MAX = 5;

/** What a job that waits for this one publishes, when this one leaves artifacts for it. */
export function findLaterPublication(job: Job): Publication | undefined {
  const leaves = job.steps.some(
    ({ work }) => work.kind === 'action' && work.reference.repository === 'actions/upload-artifact',
  );
  if (!leaves) return undefined;
  return waitingFor(job)
    .map(findPublication)
    .find((found) => found !== undefined);
}

/** Jobs that run after this one, however many are between; a bounded number. */
function waitingFor(job: Job): readonly Job[] {
  const jobs = job.pipeline.jobs.slice(0, JOBS_MAX);
  const before = new Set([job.id]);
  const found: Job[] = [];
  // A job may stand above those that it needs: each round finds those that need one of the rounds before.
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = jobs.filter(
      ({ id, needs }) => !before.has(id) && needs.some(({ value }) => before.has(value)),
    );
    if (next.length === 0) break;
    for (const each of next) before.add(each.id);
    found.push(...next);
  }
  return found;
}

/** A trigger that means a release: published, or a tag pushed. */
export function findReleaseTrigger(pipeline: Pipeline): Publication | undefined {
  for (const { event, filters, node } of pipeline.triggers) {
    if (event === 'release') return { span: node, what: 'runs for releases' };
    const tags = filters['tags'];
    const releaseBranch = filters['branches']?.some((branch) => /^releases?\b/.test(branch)) === true;
    if (event === 'push' && (tags !== undefined || releaseBranch))
      return { span: node, what: 'runs for release tags' };
  }
  return undefined;
}

/** Whether the pipeline is there for releases only: it runs for nothing else but calls and by hand. */
export function isReleasePipeline({ triggers }: Pipeline): boolean {
  const others = triggers.filter(({ event }) => !['workflow_dispatch', 'workflow_call'].includes(event));
  return (
    others.length > 0 &&
    others.every(({ event, filters }) => {
      if (event === 'release') return true;
      return event === 'push' && filters['tags'] !== undefined && filters['branches'] === undefined;
    })
  );
}
