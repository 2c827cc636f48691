import type { Variable } from '../model.ts';
import type { SourceText } from '../source.ts';
import { asScalar, asSequence, findEntry, findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { entriesThrough, type Item, itemsThrough } from './directives.ts';
import type { Passed, Variables } from './model.ts';
import { azureText } from './texts.ts';

/** Each job takes those around it. */
const VARIABLES_MAX = 1_000;

/** The names and values of a mapping: `env:`, `inputs:`, `parameters:` of a call. */
export function readPassed(node: YamlNode | undefined, source: SourceText): Passed[] {
  return entriesThrough(node, source).map(({ key, node: value }) => ({
    name: key.value,
    key,
    value: azureText(value, source),
    node: value,
  }));
}

/** Reads `variables:` as a mapping or as a list; templates in it are the caller's business. */
export function readVariables(node: YamlNode | undefined, source: SourceText): Variables {
  if (node === undefined) return { values: [], groups: [] };
  if (asSequence(node) === undefined) {
    return { values: readPassed(node, source).slice(0, VARIABLES_MAX), groups: [] };
  }
  const values: Passed[] = [];
  const groups: Variables['groups'][number][] = [];
  for (const { node: item, conditions } of itemsThrough(node, source)) {
    const group = azureText(findValue(item, 'group'), source);
    if (group !== undefined) groups.push({ text: group, conditions });
    const name = findEntry(item, 'name');
    const key = asScalar(name?.value);
    const value = findValue(item, 'value');
    if (key !== undefined && value !== undefined) {
      values.push({ name: key.value, key, value: azureText(value, source), node: value });
    }
  }
  return { values: values.slice(0, VARIABLES_MAX), groups: groups.slice(0, VARIABLES_MAX) };
}

export function variableTemplatesOf(node: YamlNode | undefined, source: SourceText): readonly Item[] {
  if (asSequence(node) === undefined) return [];
  return itemsThrough(node, source).filter(({ node: item }) => findValue(item, 'template') !== undefined);
}

/** As the model has them. */
export function toVariables(passed: readonly Passed[]): Variable[] {
  return passed.map(({ name, key, value, node }) => ({ name, key, value, node }));
}
