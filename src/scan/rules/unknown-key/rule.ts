import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import { findEntry, pairsOf } from '#pipeline/yaml/access.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findNearest, suggest } from '../../shared/nearest-word.ts';
import { workflowFaultsOf } from '../../shared/workflow-faults.ts';
import { COMPOSITE_STEP_KEYS } from '../../shared/workflow-keys.ts';

/** Half-written lines and the `${{ insert }}` of templates have their own words elsewhere. */
const SKIPPED = /^(?:|\$\{\{.*)$/s;

const LENIENT_PLACE = 'under workflow_dispatch';

interface UnknownKey {
  readonly key: ScalarNode;
  readonly parent: YamlNode;
  readonly known: readonly string[];
  /** `in a step`. */
  readonly where: string;
}

function reportMerge(key: ScalarNode, context: RuleContext): void {
  context.report({
    at: key,
    message: 'GitHub reads anchors and aliases, and no merge keys: "<<" is an unknown key for it',
    remedy: 'Write the keys out, or use an alias in place of the whole value.',
  });
}

function reportKey({ key, parent, known, where }: UnknownKey, context: RuleContext): void {
  if (SKIPPED.test(key.value)) return;
  if (key.value === '<<') {
    reportMerge(key, context);
    return;
  }
  const meant = findNearest(key.value, known);
  const taken = meant === undefined || findEntry(parent, meant) !== undefined;
  context.report({
    at: key,
    message: `GitHub knows no "${key.value.slice(0, 60)}" ${where}${suggest(key.value, known)}`,
    confidence: meant === undefined ? 'medium' : 'high',
    // There GitHub skips what it does not know.
    ...(where === LENIENT_PLACE ? { severity: 'low', persona: 'pedantic' } : {}),
    fixes: taken
      ? []
      : [
          {
            title: `write "${meant}"`,
            safety: 'unsafe',
            edits: [{ start: key.start, end: key.end, replacement: meant }],
          },
        ],
  });
}

export const rule: Rule = {
  id: 'unknown-key',
  title: 'A key that the platform does not know',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for keys at every level of a workflow and in steps of composite actions that GitHub does not know, and names the one that was most likely meant.',
  why: 'GitHub refuses the whole file when it finds a key that it does not know: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy: 'Write the key as the workflow syntax has it, or move it to the level it belongs to.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax'],
  aliases: ['actionlint/syntax-check'],

  pipeline(pipeline, context) {
    for (const fault of workflowFaultsOf(pipeline)) {
      if (fault.kind === 'unknown-key') reportKey(fault, context);
    }
  },
  step({ node, job }, context) {
    if (job.pipeline.kind !== 'action') return;
    for (const [key] of pairsOf(node)) {
      if (COMPOSITE_STEP_KEYS.includes(key.value)) continue;
      reportKey(
        { key, parent: node, known: COMPOSITE_STEP_KEYS, where: 'in a step of a composite action' },
        context,
      );
    }
  },
};
