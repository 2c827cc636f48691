import type { InputDefinition } from '../model.ts';
import type { SourceText } from '../source.ts';
import type { Trigger } from '../trigger.ts';
import { asBoolean, asMapping, asScalar, asSequence, findValue, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { meaningOf } from './events.ts';
import { textOf } from './read-parts.ts';

function readTrigger(event: string, node: YamlNode, details: YamlNode | undefined): Trigger {
  const types = findValue(details, 'types');
  const filters: Record<string, readonly string[]> = {};
  for (const [key, value] of pairsOf(details)) {
    if (/^(?:branches|tags|paths)(?:-ignore)?$|^workflows$/.test(key.value)) {
      filters[key.value] = scalarsOf(value).map((scalar) => scalar.value);
    }
  }
  const activities = types === undefined ? undefined : scalarsOf(types).map((scalar) => scalar.value);
  return { event, node, ...meaningOf(event), activities, filters };
}

/** `on: push`, `on: [push]` and `on: { push: … }`. */
export function readTriggers(root: MappingNode): Trigger[] {
  const on = findValue(root, 'on');
  if (asMapping(on) !== undefined) {
    return pairsOf(on).map(([key, value]) => readTrigger(key.value, key, value));
  }
  const single = asScalar(on);
  if (single !== undefined) return single.value === '' ? [] : [readTrigger(single.value, single, undefined)];
  return (asSequence(on)?.items ?? []).flatMap((item) => {
    const event = asScalar(item)?.value;
    return event === undefined ? [] : [readTrigger(event, item, undefined)];
  });
}

const TYPES: readonly string[] = ['string', 'boolean', 'number', 'choice', 'environment'];
function isInputType(type: string): type is InputDefinition['type'] {
  return TYPES.includes(type);
}

/** Inputs of an action, of `workflow_call` or of `workflow_dispatch`. */
export function readInputs(
  node: YamlNode | undefined,
  source: SourceText,
  givenBy: InputDefinition['givenBy'],
): InputDefinition[] {
  return pairsOf(node).map(([key, value]) => {
    const type = asScalar(findValue(value, 'type'))?.value ?? 'string';
    return {
      name: key.value,
      node: key,
      type: isInputType(type) ? type : 'string',
      required: asBoolean(findValue(value, 'required')) ?? false,
      default: textOf(findValue(value, 'default'), source),
      givenBy,
    };
  });
}

export function readWorkflowInputs(root: MappingNode, source: SourceText): InputDefinition[] {
  const on = findValue(root, 'on');
  return [
    ...readInputs(findValue(findValue(on, 'workflow_call'), 'inputs'), source, 'caller'),
    ...readInputs(findValue(findValue(on, 'workflow_dispatch'), 'inputs'), source, 'member'),
  ];
}
