import type { Access, EnvironmentUse, Guard, ImageUse, Permissions, Runner, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import { readText, Text } from '../text.ts';
import { asMapping, asScalar, findValue, isNull, itemsOf, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readCondition, readExpressions } from './expressions/read.ts';

export function textOf(node: YamlNode | undefined, source: SourceText): Text | undefined {
  return readText(node, source, readExpressions);
}

export function textsOf(node: YamlNode | undefined, source: SourceText): Text[] {
  return scalarsOf(node).map((scalar) => new Text(scalar, source, readExpressions));
}

/** `env:`, `with:`, `outputs:`, `secrets:` and their like. */
export function readVariables(node: YamlNode | undefined, source: SourceText): Variable[] {
  return pairsOf(node).map(([key, value]) => ({
    name: key.value,
    key,
    value: textOf(value, source),
    node: value,
  }));
}

/** Outputs of reusable workflows and actions carry their value one level down. */
export function readOutputs(node: YamlNode | undefined, source: SourceText): Variable[] {
  return pairsOf(node).map(([key, value]) => ({
    name: key.value,
    key,
    value: textOf(asMapping(value) === undefined ? value : findValue(value, 'value'), source),
    node: value,
  }));
}

const ACCESS: Readonly<Record<string, Access>> = { none: 'none', read: 'read', write: 'write' };

export function readPermissions(node: YamlNode | undefined): Permissions | undefined {
  if (node === undefined) return undefined;
  const word = asScalar(node)?.value;
  if (word === 'read-all') return { node, all: 'read', scopes: [] };
  if (word === 'write-all') return { node, all: 'write', scopes: [] };
  const pairs = pairsOf(node);
  if (pairs.length === 0) return isNull(node) ? undefined : { node, all: 'none', scopes: [] };
  const scopes = pairs.map(([key, value]) => {
    const access = ACCESS[asScalar(value)?.value ?? ''] ?? 'none';
    return { name: key.value, access, node: key };
  });
  return { node, all: undefined, scopes };
}

export function readGuard(node: YamlNode | undefined, source: SourceText): Guard | undefined {
  const text = readText(node, source, readCondition);
  if (text === undefined || isNull(node)) return undefined;
  const [first, ...others] = text.expressions;
  if (first === undefined) return undefined;
  const around = text.value.slice(0, first.outer.start) + text.value.slice(first.outer.end);
  // A trailing line break of `|` counts as text around the expression, too.
  const braced = first.outer.start !== first.inner.start;
  const alwaysTrue = others.length > 0 || (braced && around !== '');
  return { text, expression: alwaysTrue ? undefined : first, alwaysTrue };
}

const HOSTED = /^(?:ubuntu|windows|macos)-/i;

export function readRunner(node: YamlNode | undefined, source: SourceText): Runner | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const grouped = asMapping(node) !== undefined;
  const labels = textsOf(grouped ? findValue(node, 'labels') : node, source);
  const group = textOf(grouped ? findValue(node, 'group') : undefined, source);
  const names = labels.map((label) => label.value.toLowerCase());
  const hosted = names.length > 0 && names.every((name) => HOSTED.test(name));
  const own = names.includes('self-hosted');
  return { node, labels, group, hosting: own ? 'self-hosted' : hosted ? 'hosted' : 'unknown' };
}

export function readImage(node: YamlNode | undefined, source: SourceText): ImageUse | undefined {
  if (node === undefined) return undefined;
  const detailed = asMapping(node) !== undefined;
  const text = textOf(detailed ? findValue(node, 'image') : node, source);
  if (text === undefined || text.value === '') return undefined;
  const credentials = detailed ? readVariables(findValue(node, 'credentials'), source) : [];
  return { node, text, reference: parseImageReference(text.value), credentials };
}

export function readServices(node: YamlNode | undefined, source: SourceText): ImageUse[] {
  return pairsOf(node).flatMap(([, value]) => readImage(value, source) ?? []);
}

export function readEnvironment(node: YamlNode | undefined, source: SourceText): EnvironmentUse | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const name = textOf(asMapping(node) === undefined ? node : findValue(node, 'name'), source);
  return name === undefined ? undefined : { node, name };
}

const MATRIX_DEPTH_MAX = 8;

/** Every scalar of a matrix under the name that an expression reaches it by; `include` adds to the same names. */
export function readMatrix(strategy: YamlNode | undefined, source: SourceText): Variable[] {
  const matrix = findValue(strategy, 'matrix');
  const whole = textOf(matrix, source);
  const key = asScalar(matrix);
  if (whole !== undefined && key !== undefined && matrix !== undefined) {
    return [{ name: '*', key, value: whole, node: matrix }];
  }
  const found: Variable[] = [];
  const collect = (name: string, node: YamlNode, depth: number): void => {
    if (depth > MATRIX_DEPTH_MAX) return;
    for (const item of itemsOf(node)) {
      const scalar = asScalar(item);
      if (scalar !== undefined) found.push({ name, key: scalar, value: textOf(scalar, source), node: item });
      for (const [member, value] of pairsOf(item)) collect(`${name}.${member.value}`, value, depth + 1);
    }
  };
  for (const [name, value] of pairsOf(matrix)) {
    if (name.value === 'include') {
      for (const item of itemsOf(value)) for (const [k, v] of pairsOf(item)) collect(k.value, v, 1);
    } else if (name.value !== 'exclude') collect(name.value, value, 0);
  }
  return found;
}
