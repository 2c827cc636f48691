import type { Pipeline } from '#pipeline/model.ts';
import {
  asMapping,
  asScalar,
  asSequence,
  findEntry,
  findValue,
  isNull,
  pairsOf,
} from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Report, Rule, RuleContext } from '../../rule.ts';
import { suggest } from '../../shared/nearest-word.ts';

/** By GitHub's page “Metadata syntax” (state: 2026-11). */
const TOP = ['name', 'author', 'description', 'inputs', 'outputs', 'runs', 'branding'];
const INPUT = ['description', 'required', 'default', 'deprecationMessage'];
const OUTPUT = ['description', 'value'];
const NODE_RUNS = ['using', 'main', 'pre', 'pre-if', 'post', 'post-if'];
const DOCKER_RUNS = [
  'using',
  'image',
  'env',
  'entrypoint',
  'pre-entrypoint',
  'pre-if',
  'post-entrypoint',
  'post-if',
  'args',
];
const COMPOSITE_RUNS = ['using', 'steps'];
const COLOURS = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'];
/** Every version of Node.js that a runner ever had; newer ones are for GitHub to say. */
const RUNTIME = /^(?:composite|docker|node(?:12|16|20|2[4-9]|[3-9]\d))$/i;

const PEDANTIC = { severity: 'low', persona: 'pedantic' } satisfies Partial<Report>;

function checkKeys(
  node: YamlNode | undefined,
  known: readonly string[],
  where: string,
  context: RuleContext,
): void {
  for (const [key] of pairsOf(node)) {
    if (key.value === '' || known.includes(key.value)) continue;
    const name = key.value.slice(0, 40);
    context.report({
      at: key,
      message: `GitHub skips "${name}" ${where} of an action${suggest(key.value, known)}`,
      ...PEDANTIC,
      key: `${where} ${name}`,
    });
  }
}

/** Key that each kind of action cannot be without, and all that it takes. */
function formOf(runtime: string): readonly [needed: string, known: readonly string[]] {
  if (runtime === 'composite') return ['steps', COMPOSITE_RUNS];
  return runtime === 'docker' ? ['image', DOCKER_RUNS] : ['main', NODE_RUNS];
}

function checkRuns(pipeline: Pipeline, context: RuleContext): void {
  const runs = findEntry(pipeline.node, 'runs');
  if (runs === undefined || asMapping(runs.value) === undefined) return;
  const using = asScalar(findValue(runs.value, 'using'));
  if (using === undefined || using.value === '') {
    context.report({
      at: runs.key,
      message: 'the action does not say with what it runs: "using" is missing under runs',
    });
    return;
  }
  if (!RUNTIME.test(using.value)) {
    context.report({
      at: using,
      message: `runners have no "${using.value.slice(0, 40)}" to run an action with`,
      remedy: 'Write `using: node24`, `using: composite` or `using: docker`.',
    });
    return;
  }
  const [needed, known] = formOf(using.value.toLowerCase());
  if (findValue(runs.value, needed) === undefined || isNull(findValue(runs.value, needed))) {
    context.report({
      at: runs.key,
      message: `an action that runs with ${using.value} needs "${needed}" under runs`,
    });
  } else if (needed === 'steps' && asSequence(findValue(runs.value, needed)) === undefined) {
    context.report({ at: runs.key, message: 'the steps of a composite action have to be a list' });
  }
  checkKeys(runs.value, known, `under the runs (${using.value.toLowerCase()})`, context);
}

function checkOutputs({ node, runtime }: Pipeline, context: RuleContext): void {
  for (const [key, output] of pairsOf(findValue(node, 'outputs'))) {
    checkKeys(output, OUTPUT, 'in an output', context);
    if (runtime?.value !== 'composite' || findValue(output, 'value') !== undefined) continue;
    context.report({
      at: key,
      message: `the output ${key.value.slice(0, 40)} of the composite action has no "value", so that it is always empty`,
      severity: 'low',
    });
  }
}

function checkTexts({ node }: Pipeline, context: RuleContext): void {
  const [first] = node.entries;
  for (const name of ['name', 'description']) {
    const value = findValue(node, name);
    if (first === undefined || (value !== undefined && !isNull(value))) continue;
    context.report({ at: first.key, message: `the action has no ${name}`, ...PEDANTIC, key: `no ${name}` });
  }
  const colour = asScalar(findValue(findValue(node, 'branding'), 'color'));
  if (colour === undefined || COLOURS.includes(colour.value)) return;
  context.report({
    at: colour,
    message: `GitHub has no badge in "${colour.value.slice(0, 40)}"; it takes ${COLOURS.join(', ')}`,
    ...PEDANTIC,
  });
}

export const rule: Rule = {
  id: 'malformed-action',
  title: 'An action whose metadata is wrong',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks in `action.yml` for a runtime that no runner has, for what is missing under `runs`, for outputs without a value, and for keys that GitHub skips.',
  why: 'Every job that uses the action fails, or gets an empty output: a check that does not run stops nobody, and an empty value in a condition is as good as any other.',
  remedy: 'Write the key as the metadata syntax has it.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax'],
  aliases: ['actionlint/action'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'action') return;
    checkRuns(pipeline, context);
    // A file that says so little is none of an action.
    if (pipeline.runtime === undefined) return;
    checkTexts(pipeline, context);
    checkKeys(pipeline.node, TOP, 'at the top', context);
    for (const [, input] of pairsOf(findValue(pipeline.node, 'inputs'))) {
      checkKeys(input, INPUT, 'in an input', context);
    }
    checkOutputs(pipeline, context);
  },
};
