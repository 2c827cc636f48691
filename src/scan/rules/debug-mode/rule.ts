import type { Job, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { replaceValueFix } from '../../shared/replace-value.ts';
import { secretsOfJob, secretsIn } from '../../shared/secret-use.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { findOnSurfaces } from './surface.ts';

const SWITCHES = new Set(['ACTIONS_STEP_DEBUG', 'ACTIONS_RUNNER_DEBUG', 'RUNNER_DEBUG']);

function hasSecrets(job: Job): boolean {
  return secretsOfJob(job).length > 0 || job.pipeline.env.some(({ value }) => secretsIn(value).length > 0);
}

function check(variables: readonly Variable[], jobs: readonly Job[], context: RuleContext): void {
  for (const variable of variables) {
    const { name, key, value } = variable;
    if (!SWITCHES.has(name.toUpperCase()) || value?.isConstant !== true) continue;
    if (!/^(?:true|1|yes|on)$/i.test(value.value)) continue;
    const risky = jobs.some(hasSecrets);
    context.report({
      at: key,
      message: `${name} is always on${risky ? ', in a run that has secrets' : ''}`,
      persona: risky ? 'regular' : 'pedantic',
      fixes: [replaceValueFix(variable, 'false', `switch ${name} off`)],
    });
  }
}

export const rule: Rule = {
  id: 'debug-mode',
  title: 'The log says more than it should',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', ...surfacePlatforms],
  needs: ['step_debug', 'runner_debug'],
  standards: { cicdSec: ['CICD-SEC-10', 'CICD-SEC-6'], cwe: ['CWE-532', 'CWE-489'], cis: ['2.3.8'] },
  description:
    'Looks for variables that switch the debugging output of steps and tools on for every run, and, beside GitHub, for shells that print each command (`set -x`) in jobs with credentials.',
  why: 'Tools print requests, headers and variables when they are told to debug. The log masks whole secrets only, not what a tool made of them, and logs of public repositories are public.',
  remedy: 'Remove it, and use “Enable debug logging” for the one run that has to be looked at.',
  references: ['https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging'],
  aliases: ['poutine/debug_enabled', 'taudit/gha_telemetry_debug_flag_with_secret_env'],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  pipeline({ env, jobs }, context) {
    check(env, jobs, context);
  },
  job(job, context) {
    check(job.env, [job], context);
  },
  step(step, context) {
    check(step.env, [step.job], context);
  },
};
