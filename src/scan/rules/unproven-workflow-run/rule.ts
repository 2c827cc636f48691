import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Guard, Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { findValue, scalarsOf } from '#pipeline/yaml/access.ts';
import { locateNode } from '../../shared/condition-places.ts';
import type { Rule, RuleContext } from '../../rule.ts';

const CONCLUSION = 'github.event.workflow_run.conclusion';

function findSuccessTest(node: ExpressionNode): ExpressionNode | undefined {
  for (const each of walkExpression(node)) {
    if (each.kind !== 'binary' || each.operator !== '==') continue;
    const sides = [each.left, each.right];
    const success = sides.some(
      (side) => side.kind === 'literal' && String(side.value).toLowerCase() === 'success',
    );
    if (success && sides.some((side) => pathOf(side) === CONCLUSION)) return each;
  }
  return undefined;
}

/** Anything else that a condition asks of the run that went before. */
function asksForMore(guard: Guard | undefined): boolean {
  const parsed = guard?.expression?.parsed;
  if (parsed?.ok !== true) return false;
  return [...walkExpression(parsed.root)].some((node) => {
    const path = pathOf(node) ?? '';
    return path.startsWith('github.event.workflow_run.') && path !== CONCLUSION;
  });
}

/** The workflows of this repository that the trigger follows; undefined when one is not here. */
function followedBy(pipeline: Pipeline, repository: Repository): Pipeline[] | undefined {
  const names = scalarsOf(findValue(findValue(findValue(pipeline.node, 'on'), 'workflow_run'), 'workflows'));
  const found = names.map(({ value }) =>
    repository.pipelines.find((each) => (each.name?.value ?? each.file) === value),
  );
  return found.every((each) => each !== undefined) ? found : undefined;
}

/** Where outsiders start what went before: their pull request, and their code. */
function openTrigger(pipelines: readonly Pipeline[] | undefined): Trigger | undefined {
  return pipelines
    ?.flatMap(({ triggers }) => triggers)
    .find(({ firedBy, event }) => isOutsider(firedBy) && event !== 'workflow_run');
}

const TAKES_RESULTS =
  /\bgh\s+run\s+download\b|\bactions\/runs\/\S{1,200}\/artifacts\b|\b(?:listWorkflowRunArtifacts|downloadArtifact)\b/;

/** A step that brings in what the run before left. */
function findResultUse(job: Job): Step | undefined {
  return job.steps.find(({ work }) => {
    if (work.kind === 'script') return TAKES_RESULTS.test(work.text.value);
    if (work.kind !== 'action') return false;
    const { repository } = work.reference;
    if (repository === 'dawidd6/action-download-artifact') return true;
    const names = new Set(work.inputs.map(({ name }) => name.toLowerCase()));
    if (repository === 'actions/download-artifact') return names.has('run-id');
    return (
      repository === 'actions/github-script' &&
      work.inputs.some(({ value }) => TAKES_RESULTS.test(value?.value ?? ''))
    );
  });
}

function checkJob(job: Job, context: RuleContext): void {
  const { pipeline, guard } = job;
  const trigger = pipeline.triggers.find(({ event }) => event === 'workflow_run');
  const expression = guard?.expression;
  if (trigger === undefined || expression?.parsed.ok !== true || asksForMore(guard)) return;
  // Branches are names, and a fork has a branch of that name, too; but that is another rule's matter.
  if (Object.keys(trigger.filters).some((key) => key.startsWith('branches'))) return;
  const test = findSuccessTest(expression.parsed.root);
  const assume = context.outsider('workflow_run');
  if (test === undefined || evaluateGuard(guard, assume) === 'false' || evaluateJob(job, assume) === 'false')
    return;
  const followed = followedBy(pipeline, context.repository);
  const open = openTrigger(followed);
  if (followed !== undefined && open === undefined) return;
  const use = findResultUse(job);
  if (use === undefined || job.steps.some((step) => step.index <= use.index && asksForMore(step.guard)))
    return;
  context.report({
    at: locateNode(expression, test),
    message: `the job ${job.id} asks whether the run before succeeded, not whose run it was, and takes its results`,
    confidence: open === undefined ? 'low' : 'medium',
    // Who only writes a comment with what is taken has thought of it; this is for whoever wants to look.
    persona: open === undefined ? 'auditor' : 'pedantic',
    related: [
      { at: trigger.node, label: 'follows another workflow' },
      { at: use.node, label: 'takes what that run left' },
    ],
  });
}

export const rule: Rule = {
  id: 'unproven-workflow-run',
  title: 'Success of another run stands for trust',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-4'], cwe: ['CWE-345', 'CWE-807'], cis: ['2.3.1'] },
  description:
    'Looks for jobs under workflow_run that only ask for `conclusion`, and take artifacts of a run that a pull request from a fork can be.',
  why: 'A run of a stranger’s pull request succeeds when the stranger wants it to: their code decides what it builds and how it ends. What it leaves is then used with your secrets.',
  remedy:
    "Also ask what started it: `github.event.workflow_run.event == 'push' && github.event.workflow_run.head_repository.full_name == github.repository`; or treat what it left as a stranger's.",
  references: [
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run',
  ],
  incident: {
    name: 'Litestar (GHSL-2024-177)',
    date: '2024-08',
    what: 'A workflow that followed the tests took a file from their artifact: any pull request could write into its environment.',
  },
  aliases: ['trajan/workflow-run-conclusion-only-gate', 'codeql/actions/artifact-poisoning/critical'],

  job(job, context) {
    checkJob(job, context);
  },
};
