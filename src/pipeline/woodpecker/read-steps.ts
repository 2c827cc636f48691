import type { ImageUse, Job, Step, Variable } from '../model.ts';
import { type ActionReference, parseImageReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import { type Text, readText } from '../text.ts';
import { asMapping, asScalar, asSequence, itemsOf, pairsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { readSubstitutions } from './substitutions.ts';

const STEPS_MAX = 2_000;
const LINES_MAX = 5_000;

/** One container of the file, which other platforms call a job. */
export interface Listed {
  readonly name: string;
  readonly key: ScalarNode;
  readonly node: MappingNode;
}

/** A list of mappings with a name, or a mapping by name, as older files have it. */
export function listContainers(node: YamlNode | undefined): Listed[] {
  if (asSequence(node) === undefined) {
    return pairsOf(node)
      .slice(0, STEPS_MAX)
      .flatMap(([key, value]) => {
        const mapping = asMapping(value);
        return mapping === undefined ? [] : [{ name: key.value, key, node: mapping }];
      });
  }
  return itemsOf(node)
    .slice(0, STEPS_MAX)
    .flatMap((item, index) => {
      const mapping = asMapping(item);
      if (mapping === undefined) return [];
      const name = asScalar(memberOf(mapping, 'name'));
      const key = name ?? asScalar(mapping.entries[0]?.key);
      return key === undefined ? [] : [{ name: name?.value ?? `step ${index + 1}`, key, node: mapping }];
    });
}

export function textOf(node: YamlNode | undefined, source: SourceText): Text | undefined {
  return readText(node, source, readSubstitutions);
}

export function readVariables(node: YamlNode | undefined, source: SourceText): Variable[] {
  if (asSequence(node) === undefined) {
    return [...membersOf(node)].map(([name, { key, value }]) => ({
      name,
      key,
      value: textOf(value, source),
      node: value,
    }));
  }
  // `- NAME=value`, the older form.
  return itemsOf(node).flatMap((item) => {
    const pair = asScalar(item);
    const name = pair?.value.split('=', 1)[0];
    return pair === undefined || name === undefined
      ? []
      : [{ name, key: pair, value: textOf(pair, source), node: pair }];
  });
}

export function readImage(container: MappingNode, source: SourceText): ImageUse | undefined {
  const node = memberOf(container, 'image');
  const text = textOf(node, source);
  if (node === undefined || text === undefined || text.value === '') return undefined;
  return { node, text, reference: parseImageReference(text.value), credentials: [] };
}

/** A plugin is an image that gets settings and no commands. */
function pluginReference(image: ImageUse): ActionReference {
  const { reference } = image;
  const name = reference?.name.toLowerCase() ?? '';
  return {
    kind: reference?.pin === 'computed' ? 'computed' : 'image',
    repository: name,
    owner: name.split('/')[0] ?? '',
    path: '',
    ref: reference?.tag,
    pin: reference?.pin ?? 'none',
    image: reference,
  };
}

/** Settings of a plugin; each item of a list is a value of its own. */
function readSettings(node: YamlNode, source: SourceText): Variable[] {
  return [...membersOf(node)].flatMap(([name, { key, value }]) =>
    (asSequence(value)?.items ?? [value])
      .slice(0, LINES_MAX)
      .map((item) => ({ name, key, value: textOf(item, source), node: item })),
  );
}

function scriptsOf(container: MappingNode, source: SourceText): Text[] {
  return itemsOf(memberOf(container, 'commands'))
    .slice(0, LINES_MAX)
    .flatMap((line) => textOf(line, source) ?? []);
}

/** Each command is a step; a plugin is one. */
export function readSteps(job: Job, listed: Listed, image: ImageUse | undefined, source: SourceText): Step[] {
  const env = readVariables(memberOf(listed.node, 'environment'), source);
  const shared = { job, node: listed.node, id: undefined, name: undefined, guard: undefined, env };
  const scripts = scriptsOf(listed.node, source);
  if (scripts.length > 0) {
    return scripts.map((text, index) => ({
      ...shared,
      index,
      work: { kind: 'script', text, shell: undefined, workingDirectory: undefined },
    }));
  }
  const settings = memberOf(listed.node, 'settings');
  if (image === undefined || settings === undefined) return [];
  const inputs = readSettings(settings, source);
  const key = asScalar(image.node) ?? listed.key;
  const work = { kind: 'action', text: image.text, key, inputs, inputsNode: settings } as const;
  return [{ ...shared, index: 0, work: { ...work, reference: pluginReference(image) } }];
}
