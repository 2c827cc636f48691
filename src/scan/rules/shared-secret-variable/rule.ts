import type { Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { secretsIn } from '../../shared/secret-use.ts';

function check(variables: readonly Variable[], readers: string, context: RuleContext): void {
  for (const { name, key, value } of variables) {
    const [use] = secretsIn(value);
    if (use === undefined) continue;
    context.report({ at: key, message: `the secret in ${name} is in the environment of ${readers}` });
  }
}

export const rule: Rule = {
  id: 'shared-secret-variable',
  title: 'A secret stands where every step can read it',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-522', 'CWE-526'], cis: ['2.3.8'] },
  description:
    'Looks for secrets in `env:` of a workflow with several jobs, and of a job with several steps.',
  why: 'Every action, every tool and every dependency of those steps has the secret in its environment, also those that have no use for it. One of them that was taken over is enough.',
  remedy: 'Move the variable to the `env:` of the step that uses it.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  incident: {
    name: 'Codecov',
    date: '2021-04',
    what: 'A changed upload script sent the environment of each job that ran it to the attacker.',
  },
  aliases: ['ghalint/job_secrets', 'ghalint/workflow_secrets'],

  pipeline({ env, jobs }, context) {
    if (jobs.length > 1) check(env, `all ${jobs.length} jobs`, context);
  },
  job({ env, id, steps, pipeline }, context) {
    if (steps.length < 2) return;
    const readers = `all ${steps.length} steps of ${id}`;
    check(env, readers, context);
    if (pipeline.jobs.length === 1) check(pipeline.env, readers, context);
  },
};
