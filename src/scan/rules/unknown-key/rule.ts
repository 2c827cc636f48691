import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import { asScalar, findEntry, findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findNearest, suggest } from '../../shared/nearest-word.ts';
import {
  COMPOSITE_STEP_KEYS,
  JOB_KEYS,
  PERMISSION_SCOPES,
  STEP_KEYS,
  STRATEGY_KEYS,
  WORKFLOW_KEYS,
} from '../../shared/workflow-keys.ts';

function checkKeys(
  node: YamlNode | undefined,
  known: readonly string[],
  where: string,
  context: RuleContext,
): void {
  for (const [key] of pairsOf(node)) {
    // Half-written lines, merge keys and the `${{ insert }}` of templates have their own words elsewhere.
    if (known.includes(key.value) || /^(?:|<<|\$\{\{.*)$/s.test(key.value)) continue;
    const hint = suggest(key.value, known);
    const meant = findNearest(key.value, known);
    const taken = meant === undefined || findEntry(node, meant) !== undefined;
    context.report({
      at: key,
      message: `GitHub knows no "${key.value.slice(0, 60)}" ${where}${hint}`,
      confidence: meant === undefined ? 'medium' : 'high',
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
}

function checkPermissions(node: YamlNode | undefined, context: RuleContext): void {
  checkKeys(node, PERMISSION_SCOPES, 'among the permissions', context);
}

function checkStep(step: Step, context: RuleContext): void {
  const composite = step.job.pipeline.kind === 'action';
  checkKeys(
    step.node,
    composite ? COMPOSITE_STEP_KEYS : STEP_KEYS,
    composite ? 'in a step of a composite action' : 'in a step',
    context,
  );
}

function checkJob(job: Job, context: RuleContext): void {
  checkKeys(job.node, JOB_KEYS, `in the job ${job.id}`, context);
  checkKeys(findValue(job.node, 'strategy'), STRATEGY_KEYS, 'in a strategy', context);
  checkPermissions(findValue(job.node, 'permissions'), context);
}

function looksLikeWorkflow(pipeline: Pipeline): boolean {
  return pipeline.problems.length === 0 && asScalar(findValue(pipeline.node, 'jobs')) === undefined;
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
    'Looks for keys of workflows, jobs, steps, strategies and permissions that GitHub does not know, and names the one that was most likely meant.',
  why: 'GitHub refuses the whole file when it finds a key that it does not know: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy: 'Write the key as the workflow syntax has it, or move it to the level it belongs to.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax'],
  aliases: ['actionlint/syntax-check'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow' || !looksLikeWorkflow(pipeline)) return;
    checkKeys(pipeline.node, WORKFLOW_KEYS, 'at the top of a workflow', context);
    checkPermissions(findValue(pipeline.node, 'permissions'), context);
  },
  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkJob(job, context);
  },
  step(step, context) {
    checkStep(step, context);
  },
};
