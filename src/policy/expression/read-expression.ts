import { EntityName, type Value, ValueSet } from '../engine/value.ts';
import { type Json, jsonList, jsonObject, jsonText } from './json-shape.ts';
import type { BinaryOperator, Expression, LikePattern, UnaryOperator, Variable } from './expression.ts';
import { UnsupportedConstruct } from './unsupported-construct.ts';

const UNARY: readonly UnaryOperator[] = ['!', 'neg', 'isEmpty'];
const BINARY: readonly BinaryOperator[] = [
  ...(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'in'] as const),
  ...(['contains', 'containsAll', 'containsAny', 'getTag', 'hasTag'] as const),
];
const VARIABLES: readonly Variable[] = ['principal', 'action', 'resource', 'context'];

/**
 * Turns Cedar's JSON form of a condition into our tree; what we do not know is marked and nothing else lost.
 * The form has one member, whose name is the operator; the library's own type for it cannot be narrowed.
 */
export function readExpression(json: unknown): Expression {
  try {
    return readSupported(json);
  } catch (error) {
    if (!(error instanceof UnsupportedConstruct)) throw error;
    return { kind: 'unsupported', construct: error.message };
  }
}

function readSupported(json: unknown): Expression {
  const [entry, ...others] = Object.entries(jsonObject(json));
  if (entry === undefined || others.length > 0) throw new UnsupportedConstruct('not one operator');
  const [operator, body] = entry;
  if (operator === 'Value') return { kind: 'literal', value: literalOf(body) };
  if (operator === 'Var') return readVariable(body);
  if (operator === 'Set') return { kind: 'set', items: jsonList(body).map(readExpression) };
  if (operator === 'Record') return readRecord(jsonObject(body));
  if (operator === '&&' || operator === '||') return readChain(operator, json);
  // A call is the only form whose operands are a list.
  if (Array.isArray(body)) {
    return { kind: 'call', function: operator, arguments: jsonList(body).map(readExpression) };
  }
  return readOperation(operator, jsonObject(body));
}

function readOperation(operator: string, body: Json): Expression {
  const read = (name: string) => readExpression(body[name]);
  const unary = UNARY.find((known) => known === operator);
  if (unary !== undefined) return { kind: 'unary', operator: unary, operand: read('arg') };
  const binary = BINARY.find((known) => known === operator);
  if (binary !== undefined) {
    return { kind: 'binary', operator: binary, left: read('left'), right: read('right') };
  }
  switch (operator) {
    case '.':
      return { kind: 'attribute', of: read('left'), name: jsonText(body['attr']) };
    case 'has':
      return { kind: 'has', of: read('left'), path: [body['attr']].flat().map(jsonText) };
    case 'like':
      return { kind: 'like', of: read('left'), pattern: readPattern(body['pattern']) };
    case 'is': {
      const container = body['in'] === undefined ? undefined : read('in');
      return { kind: 'is', of: read('left'), entityType: jsonText(body['entity_type']), in: container };
    }
    case 'if-then-else':
      return { kind: 'if', condition: read('if'), consequent: read('then'), alternative: read('else') };
    default:
      throw new UnsupportedConstruct(operator);
  }
}

/** `a && b && c` comes as a tree that leans left, as deep as the chain is long; without recursion it is a list. */
function readChain(operator: '&&' | '||', json: unknown): Expression {
  const operands: Expression[] = [];
  let rest = json;
  for (;;) {
    const pair = jsonObject(rest)[operator];
    if (pair === undefined) break;
    const { left, right } = jsonObject(pair);
    operands.unshift(readExpression(right));
    rest = left;
  }
  operands.unshift(readExpression(rest));
  return { kind: operator === '&&' ? 'and' : 'or', operands };
}

function readVariable(body: unknown): Expression {
  const name = VARIABLES.find((known) => known === body);
  if (name === undefined) throw new UnsupportedConstruct('variable');
  return { kind: 'variable', name };
}

function readRecord(body: Json): Expression {
  const fields = Object.entries(body).map(([name, field]) => [name, readExpression(field)] as const);
  return { kind: 'record', fields };
}

function readPattern(body: unknown): LikePattern {
  const pattern: (string | undefined)[] = [];
  for (const part of jsonList(body)) {
    if (part === 'Wildcard') {
      pattern.push(undefined);
      continue;
    }
    const literal = jsonText(jsonObject(part)['Literal']);
    const last = pattern.at(-1);
    if (last === undefined) pattern.push(literal);
    else pattern[pattern.length - 1] = last + literal;
  }
  return pattern;
}

function literalOf(json: unknown): Value {
  if (typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') {
    // The library hands 64-bit numbers over as doubles: beyond 2^53 the value is already wrong.
    if (!Number.isSafeInteger(json)) throw new UnsupportedConstruct('integer beyond 2^53');
    return BigInt(json);
  }
  if (Array.isArray(json)) return new ValueSet(jsonList(json).map(literalOf));
  const { type, id } = jsonObject(jsonObject(json)['__entity']);
  return new EntityName(jsonText(type), jsonText(id));
}
