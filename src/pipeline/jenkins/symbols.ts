import type { SourceText, Span } from '../source.ts';
import {
  type Call,
  callsOf,
  type Closure,
  constantOf,
  type Entry,
  type Expression,
  pathOfExpression,
  type Script,
  type Sequence,
} from './tree.ts';
import { visitTree } from './walk-tree.ts';

export interface GroovyFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Closure;
  readonly span: Span;
  /** The file that it is written in. */
  readonly unit: Unit;
}

/** One file, and what its names stand for. Groovy has scopes; for what is asked here, a file is one. */
export interface Unit {
  readonly source: SourceText;
  readonly script: Script;
  /** Everything that is ever assigned to a name; `env.X` stands under `X`, too. */
  readonly assignments: ReadonlyMap<string, readonly Expression[]>;
  readonly functions: ReadonlyMap<string, GroovyFunction>;
  /** What `parameters` declares, with the kind of each. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Variables that a webhook fills, with the place in its body that they come from. */
  readonly webhookVariables: ReadonlyMap<string, string>;
  readonly calls: readonly Call[];
}

export interface Parameter {
  readonly name: string;
  readonly kind: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly default: Expression | undefined;
}

const PARAMETER_KIND =
  /^(?:string|text|choice|booleanParam|password|file|credentials|run|gitParameter|extendedChoice|activeChoice\w*|imageTag|stringParam|textParam|choiceParam|base64File|stashedFile|validatingString)$/;
const ASSIGNMENTS_MAX = 8;

const TYPE_WORD =
  /^(?:def|void|String|Map|List|boolean|Boolean|int|Integer|long|Object|private|public|protected|static|final)$/;

/** `def name(a, b = 1) {…}`, `String name(…) {…}`, and constructors, which nobody needs. */
export function functionOf(statement: Expression): Omit<GroovyFunction, 'unit'> | undefined {
  if (statement.kind !== 'sequence') return undefined;
  const last = statement.items.at(-1);
  const first = statement.items.find((item) => item.kind === 'name');
  if (last?.kind !== 'chain' || last.links.length !== 1 || last.head.kind !== 'name') return undefined;
  if (first === undefined || !(TYPE_WORD.test(first.name) || /^[A-Z]/.test(first.name))) return undefined;
  const [call] = callsOf(last);
  const body = call?.entries.at(-1)?.value;
  if (call === undefined || body?.kind !== 'closure' || call.isCommand) return undefined;
  const parameters = call.entries.slice(0, -1).map(({ value }) => nameOfParameter(value));
  return { name: call.path, parameters, body, span: last.head };
}

function nameOfParameter(value: Expression): string {
  if (value.kind === 'name') return value.name;
  if (value.kind !== 'sequence') return '';
  const end = value.items.findIndex((item) => item.kind === 'operator' && item.text === '=');
  const before = end === -1 ? value.items : value.items.slice(0, end);
  return before.findLast((item) => item.kind === 'name')?.name ?? '';
}

/** `name = value`, `def name = value`, `env.NAME = value`: the name and everything behind the sign. */
export function assignmentOf(
  statement: Sequence,
): { path: string; span: Span; value: Expression } | undefined {
  const at = statement.items.findIndex((item) => item.kind === 'operator' && /^\+?=$/.test(item.text));
  const target = statement.items[at - 1];
  if (at < 1 || target === undefined || target.kind === 'operator') return undefined;
  const path = pathOfExpression(target);
  const items = statement.items.slice(at + 1);
  const [only] = items;
  if (path === undefined || only === undefined) return undefined;
  const span = { start: only.start, end: statement.end };
  const isOne = items.length === 1 && only.kind !== 'operator';
  return { path, span: target, value: isOne ? only : { kind: 'sequence', items, ...span } };
}

class Collector {
  readonly assignments = new Map<string, Expression[]>();
  readonly functions = new Map<string, GroovyFunction>();
  readonly parameters = new Map<string, Parameter>();
  readonly webhookVariables = new Map<string, string>();
  readonly calls: Call[] = [];
  readonly #unit: () => Unit;

  constructor(unit: () => Unit) {
    this.#unit = unit;
  }

  assign(name: string, value: Expression): void {
    const known = this.assignments.get(name);
    if (known === undefined) this.assignments.set(name, [value]);
    else if (known.length < ASSIGNMENTS_MAX) known.push(value);
  }

  visit(expression: Expression): void {
    if (expression.kind === 'sequence') this.#sequence(expression);
    if (expression.kind === 'list') this.#webhookVariable(expression.entries);
    if (expression.kind !== 'chain') return;
    for (const call of callsOf(expression)) {
      this.calls.push(call);
      this.#parameter(call);
    }
  }

  #sequence(expression: Sequence): void {
    const found = functionOf(expression);
    if (found !== undefined) {
      const unit = this.#unit;
      this.functions.set(found.name, {
        ...found,
        get unit() {
          return unit();
        },
      });
      return;
    }
    const assignment = assignmentOf(expression);
    if (assignment === undefined) return;
    this.assign(assignment.path, assignment.value);
    const [, short] = /^(?:env|this|binding)\.(\w+)$/.exec(assignment.path) ?? [];
    if (short !== undefined) this.assign(short, assignment.value);
  }

  #parameter({ path, nameSpan, entries, start, end }: Call): void {
    if (!PARAMETER_KIND.test(path)) return;
    const name = entries.find((entry) => entry.name === 'name');
    const value = constantOf(name?.value);
    if (name === undefined || value === undefined || this.parameters.has(value)) return;
    const fallback = entries.find(
      (entry) => entry.name === 'defaultValue' || entry.name === 'choices',
    )?.value;
    const span = { start, end: Math.max(end, nameSpan.end) };
    this.parameters.set(value, { name: value, kind: path, span, nameSpan: name.value, default: fallback });
  }

  /** `[key: 'title', value: '$.pull_request.title']` of the generic webhook trigger. */
  #webhookVariable(entries: readonly Entry[]): void {
    const valueOf = (name: string) => constantOf(entries.find((entry) => entry.name === name)?.value);
    const [key, value] = [valueOf('key'), valueOf('value')];
    if (key !== undefined && value?.startsWith('$.') === true) this.webhookVariables.set(key, value);
  }
}

/** What the names of a file stand for, found in one pass. */
export function collectSymbols(source: SourceText, script: Script): Unit {
  const collector: Collector = new Collector(() => unit);
  const unit: Unit = {
    source,
    script,
    assignments: collector.assignments,
    functions: collector.functions,
    parameters: collector.parameters,
    webhookVariables: collector.webhookVariables,
    calls: collector.calls,
  };
  visitTree(script.statements, (expression) => collector.visit(expression));
  return unit;
}
