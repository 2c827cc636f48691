import { type ExpressionNode, childrenOf, pathOf } from '../expression.ts';
import type { ForeignValue, Insertion, Place } from '../surface.ts';
import { type Expression, locateExpression, type Text } from '../text.ts';
import { moreOpen } from '../trigger.ts';
import type { AzureJob, AzurePipeline, Passed, Variables } from './model.ts';
import { environmentName, foreignEnvironment, foreignPredefined } from './predefined.ts';
import { findSetVariables } from './set-variables.ts';
import { isArgumentInput } from './tasks.ts';

/** Foreign text, and the stations on its way to where it is looked at. */
export interface Origin {
  readonly value: ForeignValue;
  readonly hops: readonly (Place & { readonly label: string })[];
}

/** By lower-case name. */
export type Origins = ReadonlyMap<string, Origin>;

const HOPS_MAX = 12;
/** Foreign ones, in one job; people have a handful. */
const VARIABLES_MAX = 100;
const DEPTH_MAX = 40;
/** What these give back is not the text that they are given. */
const SAFE_CALLS: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'and',
  'or',
  'not',
  'in',
  'notin',
  'contains',
  'containsvalue',
  'startswith',
  'endswith',
  'gt',
  'ge',
  'lt',
  'le',
  'length',
  'counter',
  'xor',
]);

export function worse(left: Origin | undefined, right: Origin | undefined): Origin | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const open = moreOpen(left.value.writtenBy, right.value.writtenBy);
  return open === left.value.writtenBy ? left : right;
}

/** The foreign names that hold in one job of a file. */
export class Scope {
  readonly #parameters: Origins;
  readonly #variables = new Map<string, Origin>();

  constructor(parameters: Origins, variables: Origins) {
    this.#parameters = parameters;
    for (const [name, origin] of variables) this.#variables.set(name, origin);
  }

  get variables(): Origins {
    return this.#variables;
  }

  /** What an expression stands for, when somebody else writes it. */
  originOf({ parsed }: Expression): Origin | undefined {
    return parsed.ok ? this.#originOfNode(parsed.root, 0) : undefined;
  }

  originOfText(text: Text | undefined): { origin: Origin; expression: Expression } | undefined {
    let found: { origin: Origin; expression: Expression } | undefined;
    for (const expression of text?.expressions ?? []) {
      const origin = this.originOf(expression);
      const worst = worse(found?.origin, origin);
      if (origin !== undefined && worst === origin) found = { origin, expression };
    }
    return found;
  }

  #originOfNode(node: ExpressionNode, depth: number): Origin | undefined {
    if (depth > DEPTH_MAX) return undefined;
    if (node.kind === 'call' && SAFE_CALLS.has(node.name.toLowerCase())) return undefined;
    const path = pathOf(node);
    if (path !== undefined) return this.#originOfPath(path);
    return childrenOf(node)
      .map((child) => this.#originOfNode(child, depth + 1))
      .reduce(worse, undefined);
  }

  #originOfPath(path: string): Origin | undefined {
    if (path.startsWith('parameters.')) return this.#parameters.get(path.slice('parameters.'.length));
    return path.startsWith('variables.') ? this.variable(path.slice('variables.'.length)) : undefined;
  }

  variable(name: string): Origin | undefined {
    const own = this.#variables.get(name.toLowerCase());
    if (own !== undefined) return own;
    const value = foreignPredefined(name);
    return value === undefined ? undefined : { value, hops: [] };
  }

  /** A variable of this name holds foreign text from here on. */
  define(name: string, origin: Origin): void {
    if (this.#variables.size >= VARIABLES_MAX) return;
    this.#variables.set(name.toLowerCase(), origin);
  }

  addVariables(levels: readonly Variables[]): void {
    for (const { values } of levels) for (const each of values) this.#addVariable(each);
  }

  #addVariable({ name, value }: Passed): void {
    const found = this.originOfText(value);
    if (found === undefined) this.#variables.delete(name.toLowerCase());
    else this.define(name, passOn(found, `becomes the variable ${name.slice(0, 60)}`));
  }
}

/** One station more. */
export function passOn(
  { origin, expression }: { origin: Origin; expression: Expression },
  label: string,
): Origin {
  if (origin.hops.length >= HOPS_MAX) return origin;
  const { source } = expression.text;
  return {
    value: origin.value,
    hops: [...origin.hops, { source, span: locateExpression(expression), label }],
  };
}

/** Parameters of a run are written by whoever starts it, those of a template by whoever uses it. */
export function ownParameters(pipeline: AzurePipeline): Origins {
  const isRoot = pipeline.kind === 'workflow';
  return new Map(
    pipeline.inputs
      .filter(({ type }) => type === 'string')
      .map(({ name }) => {
        const what = isRoot ? 'a parameter of the run' : 'a parameter of the template';
        const value: ForeignValue = {
          name: `parameters.${name}`.slice(0, 100),
          what,
          writtenBy: isRoot ? 'member' : 'caller',
        };
        return [name.toLowerCase(), { value, hops: [] }];
      }),
  );
}

/** By what surrounds a file, and by what it defines for all of its jobs. */
const known = new WeakMap<Origins, WeakMap<Variables, Origins>>();

function outermostOf(parameters: Origins, variables: Origins, level: Variables | undefined): Origins {
  if (level === undefined) return variables;
  const levels = known.get(parameters) ?? new WeakMap<Variables, Origins>();
  known.set(parameters, levels);
  const before = levels.get(level);
  if (before !== undefined) return before;
  const scope = new Scope(parameters, variables);
  scope.addVariables([level]);
  levels.set(level, scope.variables);
  return scope.variables;
}

/** Names that hold in a job: those around it, its own, and what its scripts make of them. */
export function scopeOf(
  job: AzureJob,
  parameters: Origins,
  variables: Origins,
  shared: readonly Variables[],
): Scope {
  const [outermost, ...inner] = job.variables;
  const scope = new Scope(parameters, outermostOf(parameters, variables, outermost));
  scope.addVariables([...shared, ...inner]);
  for (const { work, env } of job.steps) {
    if (work.kind !== 'script' || !work.text.value.includes('##vso[')) continue;
    for (const { name, text, start, end } of findSetVariables(work.text)) {
      const expression = text.expressions.find(({ outer }) => outer.start >= start && outer.end <= end);
      const origin = expression === undefined ? undefined : scope.originOf(expression);
      const label = `becomes the variable ${name.slice(0, 60)}`;
      if (expression !== undefined && origin !== undefined) {
        scope.define(name, passOn({ origin, expression }, label));
        continue;
      }
      const written = text.value.slice(start, end);
      const value = foreignNames(scope, env).find(([variable]) => readsVariable(written, variable))?.[1];
      if (value !== undefined) {
        scope.define(name, { value, hops: [{ source: text.source, span: text.span(start, end), label }] });
      }
    }
  }
  return scope;
}

function readsVariable(written: string, name: string): boolean {
  return ['$', '${', '$env:'].some((sign) => {
    const at = written.indexOf(sign + name);
    return at !== -1 && !/\w/.test(written.charAt(at + sign.length + name.length));
  });
}

/** Shell variables with foreign text in a step. */
function foreignNames(
  scope: Scope,
  env: readonly { name: string; value: Text | undefined }[],
): [string, ForeignValue][] {
  const own = env.flatMap(({ name, value }): [string, ForeignValue][] => {
    const found = scope.originOfText(value);
    return found === undefined ? [] : [[name, found.origin.value]];
  });
  const variables = [...scope.variables].map(([name, { value }]): [string, ForeignValue] => [
    environmentName(name),
    value,
  ]);
  return [...own, ...variables, ...foreignEnvironment];
}

/** Variables of the shell in any step of the job. */
export function foreignVariablesOf(job: AzureJob, scope: Scope): ReadonlyMap<string, ForeignValue> {
  const all = new Map(foreignEnvironment);
  for (const [name, { value }] of scope.variables) all.set(environmentName(name), value);
  for (const { env } of job.steps) {
    for (const { name, value } of env) {
      const found = scope.originOfText(value);
      if (found !== undefined) all.set(name, found.origin.value);
    }
  }
  return all;
}

function insertionsIn(text: Text | undefined, into: Insertion['into'], scope: Scope): Insertion[] {
  return (text?.expressions ?? []).flatMap((expression) => {
    const origin = scope.originOf(expression);
    if (origin === undefined || text === undefined) return [];
    const { start, end } = expression.outer;
    return [{ ...origin.value, text, start, end, into, hops: origin.hops }];
  });
}

/** Foreign text that is pasted into what the job runs. */
export function insertionsOf(job: AzureJob, scope: Scope): Insertion[] {
  const steps = job.steps.flatMap(({ work, task }) => [
    ...(work.kind === 'script' ? insertionsIn(work.text, 'script', scope) : []),
    ...(task?.inputs ?? [])
      .filter(({ name }) => isArgumentInput(name))
      .flatMap(({ value }) => insertionsIn(value, 'argument', scope)),
  ]);
  return [...steps, ...insertionsIn(job.container?.text, 'argument', scope)];
}
