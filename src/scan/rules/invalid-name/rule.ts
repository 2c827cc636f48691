import type { Job, Pipeline, Variable } from '#pipeline/model.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findRepeatedKeys } from './repeated-keys.ts';

const ID = /^[A-Za-z_][\w-]*$/;
const ID_LENGTH_MAX = 100;

/** Why a name is none for a job or a step; undefined when it is one. */
function findIdFault(id: string): string | undefined {
  if (id.includes('${{')) return 'it is computed, and has to be written out';
  if (!ID.test(id)) return 'it has to begin with a letter or _, and to go on with letters, digits, - and _';
  if (id.startsWith('__')) return 'names with two underscores in front belong to GitHub';
  return id.length > ID_LENGTH_MAX ? `it is longer than ${ID_LENGTH_MAX} characters` : undefined;
}

function checkId(what: string, id: string, at: Job['key'], context: RuleContext): void {
  const fault = id === '' ? undefined : findIdFault(id);
  if (fault === undefined) return;
  context.report({
    at,
    message: `"${id.slice(0, 40)}" is no id of a ${what}: ${fault}`,
    key: `${what} ${id}`,
  });
}

/** Ids compare without case. */
function checkSteps(job: Job, context: RuleContext): void {
  const seen = new Set<string>();
  for (const { id, idNode } of stepIds(job)) {
    checkId('step', id, idNode, context);
    const folded = id.toLowerCase();
    if (seen.has(folded)) {
      context.report({
        at: idNode,
        message: `the job ${job.id} has two steps with the id "${id.slice(0, 40)}"`,
        remedy: 'Give each step of the job an id of its own; ids compare without case.',
        key: `twice ${job.id} ${id}`,
      });
    }
    seen.add(folded);
  }
}

function stepIds(job: Job): { id: string; idNode: Job['key'] }[] {
  return job.steps.flatMap(({ node }) => {
    const value = asScalar(findValue(node, 'id'));
    return value === undefined || value.value === '' ? [] : [{ id: value.value, idNode: value }];
  });
}

function checkVariables(variables: readonly Variable[], context: RuleContext): void {
  for (const { name, key } of variables) {
    if (!/[\s&=]/.test(name) || name.includes('${{')) continue;
    context.report({
      at: key,
      message: `no shell can read a variable with the name "${name.slice(0, 40)}"`,
      severity: 'low',
    });
  }
}

function checkNeeds({ id, needs }: Job, context: RuleContext): void {
  const seen = new Set<string>();
  for (const need of needs) {
    const folded = need.value.toLowerCase();
    if (seen.has(folded)) {
      context.report({
        at: need,
        message: `the job ${id} needs "${need.value.slice(0, 40)}" twice`,
        severity: 'low',
        persona: 'pedantic',
        key: `need ${id} ${need.value}`,
      });
    }
    seen.add(folded);
  }
}

function checkKeys(pipeline: Pipeline, context: RuleContext): void {
  for (const { key, before } of findRepeatedKeys(pipeline.node)) {
    context.report({
      at: key,
      message: `the key "${key.value.slice(0, 40)}" stands twice at the same level; GitHub compares keys without case`,
      related: [{ at: before, label: 'the first one' }],
      remedy: 'Take one of them away, or give it another name.',
      key: `key ${key.value}`,
    });
  }
}

export const rule: Rule = {
  id: 'invalid-name',
  title: 'A name that is not allowed, or taken already',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286', 'CWE-694'], cis: [] },
  description:
    'Looks for ids of jobs and steps with characters that GitHub refuses, keys and ids that stand twice (upper and lower case are the same), and names of variables that no shell can read.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody. Where it is read all the same, the last of two keys wins, and a reviewer sees the first.',
  remedy: 'Write ids with letters, digits, `-` and `_`, and each of them once.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_id',
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsid',
  ],
  aliases: ['actionlint/id', 'actionlint/env-var', 'actionlint/syntax-check'],

  pipeline(pipeline, context) {
    if (pipeline.kind === 'template') return;
    checkKeys(pipeline, context);
    checkVariables(pipeline.env, context);
  },
  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkId('job', job.id, job.key, context);
    checkVariables(job.env, context);
    checkNeeds(job, context);
    checkSteps(job, context);
  },
  step({ env }, context) {
    checkVariables(env, context);
  },
};
