import type { Variable } from '../model.ts';
import { type ComposedText, composeText } from './compose-text.ts';
import { credentialAt } from './credentials.ts';
import { textAt, variableOf } from './nodes.ts';
import type { OutsideValue } from './outside-values.ts';
import type { JobDraft, Scope } from './scope.ts';
import { assignmentOf } from './symbols.ts';
import { traceValue } from './trace-value.ts';
import {
  type Call,
  callsOf,
  closuresOf,
  type Expression,
  firstArgument,
  itemsOfList,
  type Sequence,
} from './tree.ts';

const VARIABLES_MAX = 500;

interface Additions {
  readonly env: Variable[];
  readonly foreign: Map<string, OutsideValue>;
}

function traceText({ inserted }: ComposedText, scope: Scope): OutsideValue | undefined {
  for (const { expression } of inserted) {
    const traced = traceValue(expression, scope.reading);
    if (traced !== undefined) return traced.value;
  }
  return undefined;
}

/** `NAME=value` of `withEnv`. */
function addPair(expression: Expression, scope: Scope, additions: Additions): void {
  const { source } = scope.reading.unit;
  const composed = composeText(expression, source);
  const { value } = composed.text;
  const sign = value.indexOf('=');
  if (sign < 1 || sign > 100) return;
  const name = value.slice(0, sign);
  const key = composed.text.span(0, sign);
  const text = textAt(source, composed.text.span(sign + 1, value.length), value.slice(sign + 1));
  if (composed.inserted.length === 0) additions.env.push(variableOf(source, name, key, text));
  const foreign = traceText(composed, scope);
  if (foreign !== undefined) additions.foreign.set(name, foreign);
}

/** `withEnv(['A=b']) { … }`. */
export function withEnv(call: Call, scope: Scope): Scope {
  const additions: Additions = { env: [], foreign: new Map() };
  const list = call.entries.find(({ name }) => name === 'overrides')?.value ?? firstArgument(call.entries);
  for (const item of itemsOfList(list).slice(0, 200)) addPair(item, scope, additions);
  return {
    ...scope,
    env: [...scope.env, ...additions.env],
    foreign: new Map([...scope.foreign, ...additions.foreign]),
  };
}

/** `environment { NAME = value }` of a pipeline or a stage. */
export function withEnvironment(call: Call, scope: Scope, reach: 'pipeline' | 'job'): Scope {
  const { unit } = scope.reading;
  if (scope.env.length + scope.credentials.length >= VARIABLES_MAX) return scope;
  const [env, foreign, bound] = [[...scope.env], new Map(scope.foreign), new Map(scope.bound)];
  const credentials = [...scope.credentials];
  for (const statement of closuresOf(call)
    .flatMap(({ statements }) => statements)
    .slice(0, 500)) {
    const assignment = statement.kind === 'sequence' ? assignmentOf(statement) : undefined;
    if (assignment === undefined) continue;
    const { path: name, value, span } = assignment;
    const [helper] = value.kind === 'chain' ? callsOf(value) : [];
    const id = helper?.path === 'credentials' ? firstArgument(helper.entries) : undefined;
    if (id !== undefined) {
      const credential = { ...credentialAt(id, unit, reach), variable: name };
      credentials.push(credential);
      for (const each of [name, `${name}_PSW`]) bound.set(each, credential.name);
      continue;
    }
    const composed = composeText(value, unit.source);
    env.push(variableOf(unit.source, name, span, composed.text));
    const traced = traceText(composed, scope);
    if (traced !== undefined) foreign.set(name, traced);
  }
  return { ...scope, env, foreign, bound, credentials };
}

/** `env.NAME = value` anywhere in a script. */
export function assignVariable(statement: Sequence, scope: Scope, draft: JobDraft): void {
  const assignment = assignmentOf(statement);
  const name = /^env\.(\w{1,100})$/.exec(assignment?.path ?? '')?.[1];
  if (assignment === undefined || name === undefined || draft.env.length >= VARIABLES_MAX) return;
  const { source } = scope.reading.unit;
  const composed = composeText(assignment.value, source);
  draft.env.push(variableOf(source, name, assignment.span, composed.text));
  const traced = traceText(composed, scope);
  if (traced !== undefined) draft.foreign.set(name, traced);
}
