import type { Rule } from '../../rule.ts';
import { gitlabVariables } from '../../shared/gitlab-configurations.ts';

const SHOWS: Readonly<Record<string, string>> = {
  CI_DEBUG_TRACE: 'every variable with its value, secrets too',
  CI_DEBUG_SERVICES: 'what service containers print, often with their credentials',
};

export const rule: Rule = {
  id: 'gitlab-debug-trace',
  title: 'Debug output writes variables into the log',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-10'], cwe: ['CWE-532'], cis: ['2.3.8'] },
  description: 'Looks for `CI_DEBUG_TRACE` and `CI_DEBUG_SERVICES` that are switched on in the file.',
  why: 'The runner then prints each command and all variables of the job. Masking does not hold for values that were changed on the way, and in public projects anybody with access to jobs reads the log.',
  remedy: 'Remove it, or set `CI_DEBUG_TRACE: "false"`; give it by hand for the one run that needs it.',
  references: ['https://docs.gitlab.com/ci/variables/variables_troubleshooting/'],
  aliases: ['poutine/debug_enabled'],

  repository(repository, context) {
    for (const { name, value, job } of gitlabVariables(repository)) {
      const shown = SHOWS[name];
      if (shown === undefined || !/^(?:true|1|yes)$/i.test(value.value)) continue;
      const where = job === undefined ? 'every job' : `the job "${job.id}"`;
      context.reportIn(value.source, {
        at: value.node,
        message: `${name} writes ${shown} into the log of ${where}`.slice(0, 190),
        severity: name === 'CI_DEBUG_TRACE' ? 'high' : 'medium',
        key: `${name} ${job?.id ?? ''}`,
      });
    }
  },
};
