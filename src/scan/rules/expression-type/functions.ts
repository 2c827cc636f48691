import type { ExpressionNode } from '#pipeline/expression.ts';
import {
  ANYTHING,
  BOOLEAN,
  isCollection,
  nameOfType,
  TEXT,
  typeOfJson,
  type ValueType,
} from './value-type.ts';

/** How bad it is: the platform refuses it; it is empty or never true; or it only may be. */
export type FaultKind = 'refused' | 'pointless' | 'doubtful';

export interface TypeFault {
  readonly node: ExpressionNode;
  readonly message: string;
  readonly kind: FaultKind;
}

interface Signature {
  readonly least: number;
  readonly most: number;
  readonly result: ValueType;
  /** Places of arguments that have to be text, from 0; all behind the last one as well. */
  readonly texts: 'all' | readonly number[];
}

const NONE: readonly number[] = [];
const ARGUMENTS_MAX = 255;

/** By GitHub's page “Evaluate expressions”, section “Functions”. Names in lower case. */
const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['contains', { least: 2, most: 2, result: BOOLEAN, texts: [1] }],
  ['startswith', { least: 2, most: 2, result: BOOLEAN, texts: 'all' }],
  ['endswith', { least: 2, most: 2, result: BOOLEAN, texts: 'all' }],
  ['format', { least: 1, most: ARGUMENTS_MAX, result: TEXT, texts: 'all' }],
  ['join', { least: 1, most: 2, result: TEXT, texts: [1] }],
  ['tojson', { least: 1, most: 1, result: TEXT, texts: NONE }],
  ['fromjson', { least: 1, most: 1, result: ANYTHING, texts: 'all' }],
  ['hashfiles', { least: 1, most: ARGUMENTS_MAX, result: TEXT, texts: 'all' }],
  ['case', { least: 3, most: ARGUMENTS_MAX, result: ANYTHING, texts: NONE }],
  ['always', { least: 0, most: 0, result: BOOLEAN, texts: NONE }],
  ['cancelled', { least: 0, most: 0, result: BOOLEAN, texts: NONE }],
  ['success', { least: 0, most: ARGUMENTS_MAX, result: BOOLEAN, texts: NONE }],
  ['failure', { least: 0, most: ARGUMENTS_MAX, result: BOOLEAN, texts: NONE }],
]);

type Call = ExpressionNode & { readonly kind: 'call' };

function textOf(node: ExpressionNode | undefined): string | undefined {
  return node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}

function* checkFormat(call: Call): Generator<TypeFault> {
  const [pattern, ...values] = call.args;
  const text = textOf(pattern);
  if (text === undefined || pattern === undefined) return;
  const bare = text.slice(0, 10_000).replaceAll('{{', '').replaceAll('}}', '');
  const used = new Set<number>();
  for (const [, digits = ''] of bare.matchAll(/\{(\d{1,4})\}/g)) used.add(Number(digits));
  for (const place of used) {
    if (place < values.length) continue;
    yield { node: pattern, kind: 'refused', message: `format has no value for {${place}}` };
  }
  for (const [index, value] of values.entries()) {
    if (used.has(index)) continue;
    yield {
      node: value,
      kind: 'pointless',
      message: `format never uses its value number ${index}: there is no {${index}} in the pattern`,
    };
  }
}

function checkCount(call: Call, { least, most }: Signature): TypeFault | undefined {
  const { length } = call.args;
  const name = call.name.slice(0, 40);
  if (length < least || length > most) {
    const wanted =
      least === most ? String(least) : most === ARGUMENTS_MAX ? `at least ${least}` : `${least} or ${most}`;
    return { node: call, kind: 'refused', message: `${name} takes ${wanted} values, and gets ${length}` };
  }
  if (call.name.toLowerCase() === 'case' && length % 2 === 0) {
    return {
      node: call,
      kind: 'refused',
      message: `case takes pairs of a condition and a value, and one value more at the end; it gets ${length}`,
    };
  }
  return undefined;
}

/** What a call comes to, and what is wrong with it. */
export function inferCall(call: Call, types: readonly ValueType[], faults: TypeFault[]): ValueType {
  const name = call.name.toLowerCase();
  const signature = SIGNATURES.get(name);
  if (signature === undefined) return ANYTHING;
  const count = checkCount(call, signature);
  if (count !== undefined) {
    faults.push(count);
    return signature.result;
  }
  for (const [index, type] of types.entries()) {
    const node = call.args[index];
    const wantsText = signature.texts === 'all' || signature.texts.includes(index);
    if (node === undefined || !wantsText || !isCollection(type)) continue;
    faults.push({
      node,
      kind: 'pointless',
      message: `${call.name} wants text as its value number ${index + 1}, and gets ${nameOfType(type)}`,
    });
  }
  const [first] = types;
  if (name === 'contains' && first?.kind === 'object') {
    faults.push({
      node: call,
      kind: 'pointless',
      message: 'contains looks into texts and lists, and gets an object',
    });
  }
  if (name === 'format') faults.push(...checkFormat(call));
  return name === 'fromjson' ? inferJson(call, faults) : signature.result;
}

function inferJson(call: Call, faults: TypeFault[]): ValueType {
  const text = textOf(call.args[0]);
  if (text === undefined) return ANYTHING;
  try {
    return typeOfJson(JSON.parse(text));
  } catch {
    faults.push({ node: call, kind: 'refused', message: 'fromJSON gets a text that is no JSON' });
    return ANYTHING;
  }
}
