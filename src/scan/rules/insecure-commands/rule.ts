import type { Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findOldCommands } from './old-commands.ts';

const SWITCH = 'ACTIONS_ALLOW_UNSECURE_COMMANDS';
/** These change what later steps run; the runner refuses them unless it is told not to. */
const REFUSED = new Set(['set-env', 'add-path']);

function checkVariables(variables: readonly Variable[], context: RuleContext): void {
  for (const { name, value } of variables) {
    if (name !== SWITCH || value === undefined) continue;
    // The runner takes nothing else for true, `yes` neither.
    if (value.isConstant && !/^(?:1|true|\$true)$/i.test(value.value.trim())) continue;
    context.report({
      at: value.node,
      message: `${SWITCH} lets everything that is printed set variables of later steps`,
    });
  }
}

export const rule: Rule = {
  id: 'insecure-commands',
  title: 'Printed lines are commands for the runner',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['actions_allow_unsecure_commands', 'set-env', 'add-path', 'set-output', 'save-state'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-7'], cwe: ['CWE-74', 'CWE-477'], cis: ['2.3.4'] },
  description:
    'Looks for ACTIONS_ALLOW_UNSECURE_COMMANDS, and for the old commands set-env, add-path, set-output and save-state, which a step prints.',
  why: 'The runner reads commands from everything that a step prints, also from a title of an issue or the output of a test. With set-env and add-path such a line decides which program the next step runs.',
  remedy:
    'Take the variable out, and write to the files: `echo "name=value" >> "$GITHUB_OUTPUT"`, `"$GITHUB_ENV"`, `"$GITHUB_PATH"`, `"$GITHUB_STATE"`.',
  references: [
    'https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/',
    'https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/',
  ],
  aliases: ['zizmor/insecure-commands', 'actionlint/deprecated-commands', 'checkov/CKV_GHA_1'],

  pipeline(pipeline, context) {
    checkVariables(pipeline.env, context);
  },
  job(job, context) {
    checkVariables(job.env, context);
  },
  step(step, context) {
    checkVariables(step.env, context);
    if (step.work.kind !== 'script') return;
    for (const { fix, name, span } of findOldCommands(step, step.work)) {
      const refused = REFUSED.has(name);
      context.report({
        at: span,
        message: refused
          ? `the runner refuses ${name}, unless ${SWITCH} opens it to everybody who gets something printed`
          : `${name} is read from what the step prints, so that anything it prints can set a value`,
        severity: 'low',
        persona: 'pedantic',
        fixes: [fix],
      });
    }
  },
};
