import type { Job, Pipeline, Platform, Runner, Step } from '#pipeline/model.ts';
import { Repository } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import {
  type CredentialUse,
  emptyJobSurface,
  type ForeignValue,
  type ImportUse,
  type Insertion,
  type JobSurface,
  type Place,
  type Start,
} from '#pipeline/surface.ts';
import { readText, type Text } from '#pipeline/text.ts';
import { asMapping, findValue, itemsOf, pairsOf, scalarsOf } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import { parseYaml } from '#pipeline/yaml/parse.ts';
import type { Finding } from '#findings/finding.ts';
import { runRules } from '../run-rules.ts';
import type { Rule } from '../rule.ts';
import { TEST_DAY_MS } from './scan-text.ts';

/*
 * Pipelines of no platform, for tests of rules that look at what a job exposes: a mapping of jobs with `needs`, `env`
 * and `steps` (scripts), and what each of them exposes said by the test.
 */

/** Finds things in the text of the pipeline by what is written there. */
export interface Written {
  readonly place: (text: string) => Place;
  readonly script: (text: string) => Text;
  /** `text` where it stands in a script, as something that the platform pastes there. */
  readonly insertion: (
    text: string,
    value?: Partial<ForeignValue & Pick<Insertion, 'into' | 'hops'>>,
  ) => Insertion;
  readonly credential: (name: string, use?: Partial<CredentialUse>) => CredentialUse;
  readonly imported: (name: string, use: Partial<ImportUse>) => ImportUse;
}

type Surfaces = Readonly<Record<string, Partial<JobSurface> & { readonly hosting?: Runner['hosting'] }>>;

export interface SurfaceFixture {
  readonly platform?: Platform;
  readonly text: string;
  readonly jobs?: (written: Written) => Surfaces;
  readonly imports?: (written: Written) => readonly ImportUse[];
}

export const OUTSIDER: Start = {
  what: 'a pull request from a fork',
  actor: 'anyone',
  code: 'head',
  authority: 'full',
  production: false,
  setting: undefined,
};

/** Somebody whose words come in, and no code. */
export const COMMENTER: Start = { ...OUTSIDER, what: 'a comment that anybody writes', code: 'base' };

export const BARE: Start = { ...OUTSIDER, authority: 'read-only-for-forks' };
export const WITH_SETTING: Start = { ...OUTSIDER, setting: 'building forks' };

export const MEMBER: Start = {
  what: 'a push to main',
  actor: 'member',
  code: 'pushed',
  authority: 'full',
  production: true,
  setting: undefined,
};

export const BRANCH: Start = { ...MEMBER, what: 'a push to any branch', production: false };

export const TITLE: ForeignValue = {
  name: 'pull.title',
  what: 'the title of the pull request',
  writtenBy: 'anyone',
};

const noExpressions = (): [] => [];

function find(source: SourceText, text: string): number {
  const at = source.text.indexOf(text);
  if (at === -1) throw new Error(`"${text}" stands nowhere in the fixture`);
  return at;
}

function describeWritten(source: SourceText, texts: readonly Text[]): Written {
  const place = (text: string): Place => {
    const start = find(source, text);
    return { source, span: { start, end: start + text.length } };
  };
  const script = (text: string): Text => {
    const found = texts.find(({ value }) => value.includes(text));
    if (found === undefined) throw new Error(`"${text}" stands in no script of the fixture`);
    return found;
  };
  return {
    place,
    script,
    insertion: (written, value = {}) => {
      const text = script(written);
      const start = text.value.indexOf(written);
      const ends = { start, end: start + written.length };
      return { ...TITLE, text, ...ends, into: 'script', hops: [], ...value };
    },
    credential: (name, use = {}) => ({ ...place(name), kind: 'secret', name, scope: 'job', ...use }),
    imported: (name, use) => ({
      ...place(name),
      kind: 'template',
      name,
      version: undefined,
      pin: 'none',
      immutable: false,
      origin: 'third-party',
      ...use,
    }),
  };
}

function readVariables(node: YamlNode | undefined, source: SourceText): Job['env'] {
  return pairsOf(node).map(([key, value]) => ({
    name: key.value,
    key,
    value: readText(value, source, noExpressions),
    node: value,
  }));
}

function readSteps(job: Job, source: SourceText): Step[] {
  return itemsOf(findValue(job.node, 'steps')).flatMap((node, index) => {
    const text = readText(node, source, noExpressions);
    if (text === undefined) return [];
    const shared = { job, index, node: job.node, id: undefined, name: undefined, guard: undefined, env: [] };
    return [{ ...shared, work: { kind: 'script', text, shell: undefined, workingDirectory: undefined } }];
  });
}

/** Keys of the mapping become jobs; what a job exposes is filled in when its scripts are known. */
function readJobs(pipeline: Pipeline, jobs: Job[], fixture: SurfaceFixture): void {
  const { source } = pipeline;
  for (const [key, value] of pairsOf(pipeline.node)) {
    const node = asMapping(value);
    if (node === undefined) continue;
    const steps: Step[] = [];
    const job: Job = {
      pipeline,
      id: key.value,
      key,
      node,
      name: undefined,
      needs: scalarsOf(findValue(node, 'needs')),
      guard: undefined,
      runner: undefined,
      environment: undefined,
      permissions: undefined,
      env: readVariables(findValue(node, 'env'), source),
      container: undefined,
      services: [],
      matrix: [],
      outputs: [],
      steps,
      call: undefined,
    };
    jobs.push(job);
    steps.push(...readSteps(job, source));
  }
  const texts = jobs.flatMap(({ steps }) =>
    steps.flatMap(({ work }) => (work.kind === 'script' ? [work.text] : [])),
  );
  const exposed = fixture.jobs?.(describeWritten(source, texts)) ?? {};
  for (const job of jobs) {
    const { hosting, ...surface } = exposed[job.id] ?? {};
    const runner =
      hosting === undefined ? undefined : { node: job.key, labels: [], group: undefined, hosting };
    Object.assign(job, { surface: { ...emptyJobSurface, ...surface }, runner });
  }
}

export function surfaceRepository(fixture: SurfaceFixture): Repository {
  const source = new SourceText('pipeline.yml', fixture.text);
  const { documents } = parseYaml(source);
  const node = asMapping(documents[0]);
  if (node === undefined) throw new Error('the fixture is no mapping');
  const jobs: Job[] = [];
  const pipeline: Pipeline = {
    platform: fixture.platform ?? 'circleci',
    kind: 'workflow',
    file: source.file,
    source,
    node,
    name: undefined,
    triggers: [],
    inputs: [],
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: [],
    surface: { imports: fixture.imports?.(describeWritten(source, [])) ?? [], complete: true },
  };
  readJobs(pipeline, jobs, fixture);
  const definitions = [{ kind: 'pipeline', pipeline } as const];
  return new Repository('', [{ source, documents, definitions, problems: [] }]);
}

/** What one rule says about a pipeline; a failure of the rule fails the test. */
export function surfaceFindings(
  rule: Rule,
  fixture: SurfaceFixture,
): readonly Omit<Finding, 'fingerprint'>[] {
  const options = { asOfMs: TEST_DAY_MS, pins: undefined, findingsMax: 100 };
  const { drafts, problems } = runRules([rule], surfaceRepository(fixture), options);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return drafts.map(({ finding }) => finding);
}

/** Findings as `line severity persona`. */
export function surfaceBriefs(rule: Rule, fixture: SurfaceFixture): string[] {
  return surfaceFindings(rule, fixture).map(
    ({ locations, severity, persona }) => `${locations[0].start.line} ${severity} ${persona}`,
  );
}
