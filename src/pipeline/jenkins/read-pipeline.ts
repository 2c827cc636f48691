import { memoize } from '../memoize.ts';
import type { InputDefinition } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import type { Trigger } from '../trigger.ts';
import { composeText } from './compose-text.ts';
import { importsOf } from './imports.ts';
import type { JenkinsJob, JenkinsPipeline } from './model.ts';
import { makeMapping } from './nodes.ts';
import { parseGroovy } from './parse.ts';
import { readJob } from './read-job.ts';
import { emptyScope } from './scope.ts';
import { signsOf } from './signs.ts';
import { type ProjectSigns, startsOf } from './situations.ts';
import { collectSymbols, type GroovyFunction, type Parameter, type Unit } from './symbols.ts';
import type { SyntaxProblem } from './token.ts';
import type { Call } from './tree.ts';
import { Walker } from './walker.ts';

const CHARACTERS_MAX = 2_000_000;

export interface ReadUnit {
  readonly unit: Unit;
  readonly problems: readonly SyntaxProblem[];
}

/** A file as a tree, with what its names stand for. */
export const readUnit = memoize((source: SourceText): ReadUnit => {
  const { statements, problems } = parseGroovy(source.text.slice(0, CHARACTERS_MAX));
  const cut = source.text.length > CHARACTERS_MAX;
  const span = { start: CHARACTERS_MAX, end: CHARACTERS_MAX };
  const tooLong = cut ? [{ message: `only the first ${CHARACTERS_MAX} characters were read`, span }] : [];
  return { unit: collectSymbols(source, { statements }), problems: [...problems, ...tooLong] };
});

const KINDS: Readonly<Record<string, InputDefinition['type']>> = {
  booleanParam: 'boolean',
  choice: 'choice',
  choiceParam: 'choice',
};

function readInput({ name, kind, span, default: fallback }: Parameter, source: SourceText): InputDefinition {
  return {
    name,
    node: makeMapping(span),
    type: KINDS[kind] ?? 'string',
    required: false,
    default: fallback === undefined ? undefined : composeText(fallback, source).text,
    givenBy: 'member',
  };
}

const EVENTS: readonly (readonly [pattern: RegExp, event: string])[] = [
  [/^a pull request/, 'pull request'],
  [/^a push/, 'push'],
  [/^a tag/, 'tag'],
  [/^a webhook/, 'webhook'],
  [/^a timer/, 'timer'],
];

function readTriggers(signs: ProjectSigns): Trigger[] {
  const node = makeMapping({ start: 0, end: 0 });
  return startsOf([], signs).map(({ what, actor, code, authority }) => ({
    event: EVENTS.find(([pattern]) => pattern.test(what))?.[1] ?? 'manual',
    node,
    firedBy: actor,
    runs: code,
    authority,
    activities: undefined,
    filters: {},
  }));
}

function toProblem({ message, span }: SyntaxProblem): Problem {
  return { kind: 'syntax', message, span, partial: true };
}

/** A call that nobody wrote: what runs a function that nothing in the file calls. */
function callOf({ name, span }: GroovyFunction): Call {
  return { path: name, nameSpan: span, entries: [], receiver: undefined, isCommand: false, ...span };
}

function walk(
  unit: Unit,
  isLibrary: boolean,
  hasWebhook: boolean,
  library: ReadonlyMap<string, GroovyFunction>,
): Walker {
  const walker = new Walker(library);
  const scope = emptyScope({ unit, within: undefined, hasWebhook });
  const whole = { start: 0, end: unit.source.text.length };
  const draft = walker.open('pipeline', whole, { start: 0, end: 0 }, scope);
  if (!isLibrary) walker.statements(unit.script.statements, scope, draft);
  for (const each of unit.functions.values()) {
    if (walker.visited.has(each)) continue;
    const own = walker.open(each.name, each.body, each.span, scope);
    walker.enter(each, callOf(each), scope, own);
  }
  return walker;
}

/**
 * A Jenkinsfile, or a file of a shared library (`template`), as one pipeline. `library` holds the functions of the
 * library that lies in the same repository, by the names that pipelines call them by.
 */
export function readJenkinsPipeline(
  { unit, problems }: ReadUnit,
  kind: 'workflow' | 'template',
  library: ReadonlyMap<string, GroovyFunction>,
): JenkinsPipeline {
  const { source } = unit;
  const isLibrary = kind === 'template';
  const signs = signsOf(unit);
  const imports = importsOf(unit);
  const jobs: JenkinsJob[] = [];
  const pipeline: JenkinsPipeline = {
    platform: 'jenkins',
    kind,
    file: source.file,
    source,
    node: makeMapping({ start: 0, end: source.text.length }),
    name: undefined,
    triggers: isLibrary ? [] : readTriggers(signs),
    inputs: [...unit.parameters.values()].map((each) => readInput(each, source)),
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: problems.map(toProblem),
    surface: { imports, complete: imports.length === 0 },
  };
  for (const draft of walk(unit, isLibrary, signs.hasWebhook, library).drafts) {
    if (draft.isEmpty) continue;
    // What starts a function of a library is up to whoever calls it.
    const starts = isLibrary ? [] : startsOf(draft.conditions, signs);
    if (!isLibrary && starts.length === 0) continue;
    jobs.push(readJob(draft, pipeline, unit, starts));
  }
  return pipeline;
}
