import type { Job, Step } from '#pipeline/model.ts';
import { asSequence, findEntry, findValue, isNull } from '#pipeline/yaml/access.ts';
import type { MappingNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { PARALLEL_STEP_KEYS } from '../../shared/workflow-keys.ts';

const has = (node: MappingNode, key: string) => findEntry(node, key) !== undefined;
const spanOf = (node: MappingNode, key: string) => findEntry(node, key)?.key ?? node;
/** The first key: a whole step or job is too much to point at. */
const startOf = (node: MappingNode) => node.entries[0]?.key ?? node;

function checkCall(job: Job, context: RuleContext): void {
  const extra = ['steps', 'runs-on', 'container', 'services', 'environment', 'env', 'timeout-minutes'].find(
    (key) => has(job.node, key),
  );
  if (extra === undefined) return;
  context.report({
    at: spanOf(job.node, extra),
    message: `the job ${job.id} calls a workflow with "uses" and cannot have "${extra}" as well`,
    remedy: `Take "${extra}" away, or put it into the called workflow.`,
  });
}

function checkJob(job: Job, context: RuleContext): void {
  const { node } = job;
  if (has(node, 'uses')) return checkCall(job, context);
  for (const key of ['with', 'secrets'].filter((each) => has(node, each))) {
    context.report({
      at: spanOf(node, key),
      message: `the job ${job.id} gives "${key}" to nobody: only a job that calls a workflow with "uses" can`,
      remedy: `Move "${key}" to the step that it is for, or give values with \`env:\`.`,
    });
  }
  const missing = ['runs-on', 'steps'].filter((key) => !has(node, key));
  if (missing.length > 0) {
    context.report({ at: job.key, message: `the job ${job.id} has no "${missing.join('" and no "')}"` });
    return;
  }
  const steps = findValue(node, 'steps');
  if (isNull(steps) || asSequence(steps)?.items.length === 0) {
    context.report({ at: spanOf(node, 'steps'), message: `the job ${job.id} has no step` });
  }
}

function checkStep(step: Step, context: RuleContext): void {
  const { node, job } = step;
  const composite = job.pipeline.kind === 'action';
  const [runs, uses] = [has(node, 'run'), has(node, 'uses')];
  const where = step.id ?? step.name?.value.slice(0, 60) ?? `number ${step.index + 1}`;
  if (runs && uses) {
    context.report({ at: spanOf(node, 'uses'), message: `the step ${where} has both "run" and "uses"` });
  } else if (!runs && !uses && !PARALLEL_STEP_KEYS.some((key) => has(node, key))) {
    context.report({ at: startOf(node), message: `the step ${where} has neither "run" nor "uses"` });
  } else if (runs && has(node, 'with')) {
    context.report({
      at: spanOf(node, 'with'),
      message: `the step ${where} gives "with" to a script; only actions take inputs`,
      remedy: 'Give values to a script with `env:`.',
    });
  } else if (composite && runs && !has(node, 'shell')) {
    context.report({
      at: spanOf(node, 'run'),
      message: `the step ${where} of a composite action has a script and no "shell"`,
      remedy: 'Add `shell: bash`: composite actions have no default.',
    });
  }
}

export const rule: Rule = {
  id: 'malformed-job',
  title: 'A job or step that the platform refuses',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for jobs without `runs-on` or `steps`, calls of workflows with steps, and steps that have both or neither of `run` and `uses`.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy: 'Give each job `runs-on` and `steps`, or `uses` alone; give each step `run` or `uses`.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobs'],
  aliases: ['actionlint/syntax-check'],

  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkJob(job, context);
  },
  step(step, context) {
    checkStep(step, context);
  },
};
