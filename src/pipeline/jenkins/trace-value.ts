import type { Place } from '../surface.ts';
import { moreOpen } from '../trigger.ts';
import {
  commitMessageOf,
  OPEN_NAME,
  outsideMember,
  outsideVariable,
  type OutsideValue,
  parameterValue,
  webhookValue,
} from './outside-values.ts';
import type { GroovyFunction, Unit } from './symbols.ts';
import {
  argumentOf,
  callsOf,
  constantOf,
  type Entry,
  type Expression,
  firstArgument,
  pathOfExpression,
  unwrap,
} from './tree.ts';

export type ValueHop = Place & { readonly label: string };

/** Where a value comes from, and through which names. */
export interface Traced {
  readonly value: OutsideValue;
  readonly hops: readonly ValueHop[];
}

/** A function under way, with what it was called with. */
export interface Frame {
  readonly function: GroovyFunction;
  readonly entries: readonly Entry[];
  readonly caller: Reading;
}

/** In whose names a value is read. */
export interface Reading {
  readonly unit: Unit;
  readonly within: Frame | undefined;
  /** The file is run by a webhook that is set up elsewhere. */
  readonly hasWebhook: boolean;
}

const DEPTH_MAX = 10;
const STEPS_MAX = 400;
/** What these answer holds nothing of the text they are asked about. */
const CLEAN =
  /^(?:to(?:Integer|Long|Boolean|Double|Float|BigDecimal)|length|size|hashCode|contains\w*|startsWith|endsWith|equals\w*|matches|isEmpty|isNumber|isInteger|is\w+|indexOf|md5|sha256|encodeAsBase64|encodeBase64|any|every|count|asBoolean)$/;
const COMPARES = /^(?:==|!=|=~|==~|!|<|>|<=|>=|&&|\|\||in|instanceof|<=>)$/;

class Tracer {
  #steps = 0;

  trace(expression: Expression, reading: Reading, depth: number): Traced | undefined {
    this.#steps += 1;
    if (depth > DEPTH_MAX || this.#steps > STEPS_MAX) return undefined;
    const inner = unwrap(expression);
    switch (inner.kind) {
      case 'string':
        return this.#first(inner.parts, reading, depth);
      case 'sequence':
        return this.#sequence(inner, reading, depth);
      case 'list':
      case 'group':
        return this.#first(
          inner.entries.map(({ value }) => value),
          reading,
          depth,
        );
      case 'name':
      case 'chain':
        return this.#named(inner, reading, depth);
      case 'number':
      case 'closure':
      case 'annotation':
        break;
    }
    return undefined;
  }

  /** The most open of several. */
  #first(expressions: readonly Expression[], reading: Reading, depth: number): Traced | undefined {
    let worst: Traced | undefined;
    for (const each of expressions) {
      const found = this.trace(each, reading, depth + 1);
      if (found === undefined) continue;
      const open = worst === undefined ? undefined : moreOpen(worst.value.writtenBy, found.value.writtenBy);
      if (worst === undefined || open !== worst.value.writtenBy) worst = found;
    }
    return worst;
  }

  /** `a ? b : c` is one of the last two; a comparison is true or false. */
  #sequence(
    inner: Extract<Expression, { kind: 'sequence' }>,
    reading: Reading,
    depth: number,
  ): Traced | undefined {
    const isOperator = (text: string) => (item: { kind: string; text?: string }) =>
      item.kind === 'operator' && item.text === text;
    const question = inner.items.findIndex(isOperator('?'));
    const items = inner.items.slice(question + 1);
    if (items.some((item) => item.kind === 'operator' && COMPARES.test(item.text))) return undefined;
    return this.#first(
      items.filter((item) => item.kind !== 'operator'),
      reading,
      depth,
    );
  }

  #named(inner: Expression, reading: Reading, depth: number): Traced | undefined {
    const path = pathOfExpression(inner);
    if (path !== undefined) return this.#path(path, reading, depth);
    if (inner.kind !== 'chain') return undefined;
    const calls = callsOf(inner);
    const [first] = calls;
    if (first === undefined || calls.some((call) => cleans(call.path, call.entries))) return undefined;
    const name = first.path.replace(/^(?:steps|script|this)\./, '');
    if (name === 'sh' || name === 'bat') {
      const script = argumentOf(first.entries, 'script');
      return script?.kind === 'string' ? toTraced(commitMessageOf(script.token.value)) : undefined;
    }
    if (/^params\.get$|^env\.getProperty$/.test(name)) {
      const key = constantOf(firstArgument(first.entries));
      return key === undefined
        ? undefined
        : this.#path(`${name.slice(0, name.indexOf('.'))}.${key}`, reading, depth);
    }
    // `name.trim()`: what stands in front of the method.
    const end = first.path.lastIndexOf('.');
    if (end === -1)
      return inner.head.kind === 'string' || inner.head.kind === 'group'
        ? this.trace(inner.head, reading, depth + 1)
        : undefined;
    return this.#path(first.path.slice(0, end), reading, depth);
  }

  #path(path: string, reading: Reading, depth: number): Traced | undefined {
    const plain = path.replace(/^(?:this|steps|script)\./, '').replace(/\.\[\]$/, '');
    const [head = '', second, ...rest] = plain.split('.');
    if (head === 'params' && second !== undefined) {
      return toTraced(parameterValue(second, reading.unit.parameters.get(second)?.kind));
    }
    if (head === 'env' && second !== undefined) {
      return rest.length > 0 ? undefined : this.#variable(second, plain, reading, depth);
    }
    const member = outsideMember(plain);
    if (member !== undefined) return toTraced(member);
    if (second !== undefined) return this.#field(head, second, reading, depth);
    return this.#variable(head, plain, reading, depth);
  }

  /** What is assigned to it in the file wins; else the environment, a parameter, a webhook. */
  #variable(name: string, path: string, reading: Reading, depth: number): Traced | undefined {
    const { unit, within } = reading;
    if (within?.function.parameters.includes(name) === true) return this.#argument(name, within, depth);
    const assigned = unit.assignments.get(path) ?? unit.assignments.get(name);
    if (assigned !== undefined) {
      const found = this.#first(assigned, reading, depth);
      if (found === undefined) return undefined;
      const place = { source: unit.source, span: assigned[0] ?? { start: 0, end: 0 } };
      return {
        value: found.value,
        hops: [...found.hops, { ...place, label: `it becomes ${name.slice(0, 40)}` }],
      };
    }
    const parameter = unit.parameters.get(name);
    if (parameter !== undefined) return toTraced(parameterValue(name, parameter.kind));
    const field = unit.webhookVariables.get(name);
    if (field !== undefined) return toTraced(webhookValue(name, field));
    const outside = outsideVariable(name);
    if (outside !== undefined) return { value: { ...outside, name: path }, hops: [] };
    return reading.hasWebhook && OPEN_NAME.test(name) ? toTraced(webhookValue(name, name)) : undefined;
  }

  /** What the function was called with. */
  #argument(
    name: string,
    { function: called, entries, caller }: Frame,
    depth: number,
    field?: string,
  ): Traced | undefined {
    const values = argumentsFor(entries, called.parameters.indexOf(name), field);
    const [first] = values;
    const found = this.#first(values, caller, depth + 1);
    if (found === undefined || first === undefined) return undefined;
    const label = `it is handed to ${called.name.slice(0, 40)}`;
    return { value: found.value, hops: [...found.hops, { source: caller.unit.source, span: first, label }] };
  }

  /** `config.title` of a function that takes a map, and of a map that is written in the file. */
  #field(head: string, field: string, reading: Reading, depth: number): Traced | undefined {
    const { within, unit } = reading;
    if (within?.function.parameters.includes(head) === true)
      return this.#argument(head, within, depth, field);
    const maps = unit.assignments.get(head) ?? [];
    const values = [
      ...(unit.assignments.get(`${head}.${field}`) ?? []),
      ...maps.flatMap((map) => fieldOf(map, field)),
    ];
    return this.#first(values, reading, depth + 1);
  }
}

function fieldOf(map: Expression, field: string): Expression[] {
  if (map.kind !== 'list') return [];
  const value = map.entries.find(({ name }) => name === field)?.value;
  return value === undefined ? [] : [value];
}

/** Named arguments are one map in front of the others. */
function argumentsFor(entries: readonly Entry[], index: number, field: string | undefined): Expression[] {
  const positional = entries.filter(({ name, value }) => name === undefined && value.kind !== 'closure');
  const named = entries.filter(({ name }) => name !== undefined);
  if (field === undefined) {
    const value = positional[index - (named.length > 0 ? 1 : 0)]?.value;
    return value === undefined ? [] : [value];
  }
  const direct = named.find(({ name }) => name === field)?.value;
  if (direct !== undefined) return [direct];
  const map = positional[index]?.value;
  return map === undefined ? [] : fieldOf(map, field);
}

/** Methods whose answer is safe; `replaceAll(/[^a-z]/, '')` keeps only what is named. */
function cleans(path: string, entries: readonly Entry[]): boolean {
  const method = path.slice(path.lastIndexOf('.') + 1);
  if (CLEAN.test(method)) return true;
  const [pattern] = entries;
  return (
    method === 'replaceAll' && pattern?.value.kind === 'string' && /^\(?\[\^/.test(pattern.value.token.value)
  );
}

function toTraced(value: OutsideValue | undefined): Traced | undefined {
  return value === undefined ? undefined : { value, hops: [] };
}

/** Follows a value through names, methods and calls of the file to somebody who is not of the project, or a member. */
export function traceValue(expression: Expression, reading: Reading): Traced | undefined {
  return new Tracer().trace(expression, reading, 0);
}
