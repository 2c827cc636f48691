import type { Pipeline } from '#pipeline/model.ts';
import {
  asBoolean,
  asScalar,
  asSequence,
  findEntry,
  findValue,
  isNull,
  pairsOf,
  scalarsOf,
} from '#pipeline/yaml/access.ts';
import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { Report, RuleContext } from '../../rule.ts';

/** GitHub's limit for workflow_dispatch since December 2025. */
const INPUTS_MAX = 25;

interface Definition {
  readonly name: string;
  readonly key: ScalarNode;
  readonly node: YamlNode;
  readonly type: string;
  readonly preset: ScalarNode | undefined;
}

function readDefinition([key, node]: [ScalarNode, YamlNode]): Definition {
  const preset = findEntry(node, 'default');
  return {
    name: key.value.slice(0, 40),
    key,
    node,
    type: asScalar(findValue(node, 'type'))?.value ?? 'string',
    preset: preset === undefined || isNull(preset.value) ? undefined : asScalar(preset.value),
  };
}

/** Why the default is none for its type; undefined when it is one. */
function findWrongDefault({ name, type, preset }: Definition): Report | undefined {
  if (preset === undefined || preset.value.includes('${{')) return undefined;
  const value = preset.value.slice(0, 40);
  if (type === 'boolean' && asBoolean(preset) === undefined && !/^(?:true|false)$/i.test(preset.value)) {
    return { at: preset, message: `the default "${value}" of the input ${name} is neither true nor false` };
  }
  if (type === 'number' && (preset.value.trim() === '' || Number.isNaN(Number(preset.value)))) {
    return { at: preset, message: `the default "${value}" of the input ${name} is no number` };
  }
  return undefined;
}

function* checkOptions({ name, key, node, type, preset }: Definition): Generator<Report> {
  const entry = findEntry(node, 'options');
  if (type !== 'choice') {
    if (entry === undefined) return;
    yield {
      at: entry.key,
      message: `the input ${name} has options, and only the type "choice" takes some`,
      severity: 'low',
      key: `options ${name}`,
    };
    return;
  }
  if (entry === undefined || asSequence(entry.value)?.items.length === 0) {
    yield { at: key, message: `the input ${name} is a choice without options`, key: `choice ${name}` };
    return;
  }
  const options = scalarsOf(entry.value);
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.value)) {
      yield {
        at: option,
        message: `the input ${name} offers "${option.value.slice(0, 40)}" twice`,
        severity: 'low',
        persona: 'pedantic',
        key: `twice ${name} ${option.value}`,
      };
    }
    seen.add(option.value);
  }
  if (preset !== undefined && options.length > 0 && !seen.has(preset.value)) {
    yield {
      at: preset,
      message: `the default "${preset.value.slice(0, 40)}" of the input ${name} is none of its options`,
    };
  }
}

/** A default of what must be given is never used. */
function findUnusedDefault({ name, node, preset }: Definition): Report | undefined {
  if (preset === undefined || asBoolean(findValue(node, 'required')) !== true) return undefined;
  return {
    at: preset,
    message: `the input ${name} must be given, so that its default is never used`,
    severity: 'low',
    persona: 'pedantic',
    remedy: 'Take away `default`, or `required: true`.',
    key: `default ${name}`,
  };
}

/** Definitions of inputs that contradict themselves. */
export function checkInputs(pipeline: Pipeline, context: RuleContext): void {
  const on = findValue(pipeline.node, 'on');
  const called = pairsOf(findValue(findValue(on, 'workflow_call'), 'inputs')).map(readDefinition);
  const inputs = findEntry(findValue(on, 'workflow_dispatch'), 'inputs');
  const dispatched = pairsOf(inputs?.value).map(readDefinition);
  const reports = [
    ...[...called, ...dispatched].map(findWrongDefault),
    ...called.map(findUnusedDefault),
    ...dispatched.flatMap((each) => [...checkOptions(each)]),
  ];
  for (const report of reports) if (report !== undefined) context.report(report);
  if (inputs !== undefined && dispatched.length > INPUTS_MAX) {
    context.report({
      at: inputs.key,
      message: `workflow_dispatch has ${dispatched.length} inputs, and GitHub takes ${INPUTS_MAX}`,
    });
  }
}
