import { openEvents } from '#pipeline/github/events.ts';
import type { Job, Permissions } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Rule } from '../../rule.ts';
import { findHead } from '../../shared/foreign-code.ts';
import { openTriggers } from '../../shared/job-authority.ts';

function placeOf(permissions: Permissions): Span {
  return permissions.scopes.find(({ name }) => name === 'actions')?.node ?? permissions.node;
}

function findHeadIn(job: Job): Span | undefined {
  return job.steps.map(findHead).find((head) => head !== undefined)?.span;
}

export const rule: Rule = {
  id: 'run-control-token',
  title: 'A run that anybody causes can control other runs',
  severity: 'low',
  confidence: 'medium',
  persona: 'auditor',
  platforms: ['github'],
  needs: openEvents,
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-1'], cwe: ['CWE-250', 'CWE-269'], cis: ['2.3.5'] },
  description: 'Looks for `actions: write` in jobs that outsiders start.',
  why: 'With this scope a token starts any workflow that has `workflow_dispatch`, with inputs of its choice, repeats and cancels runs, approves the waiting runs of forks, and deletes caches and artifacts.',
  remedy:
    'Remove `actions: write` from this job, or move what needs it into a job that only members can start.',
  references: [
    'https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens#repository-permissions-for-actions',
  ],
  aliases: [],

  job(job, context) {
    const permissions = effectivePermissions(job);
    const { declared } = permissions;
    if (declared === undefined || permissions.access('actions') !== 'write') return;
    if (job.pipeline.kind !== 'workflow') return;
    const [trigger] = openTriggers(job, context);
    if (trigger === undefined) return;
    const head = findHeadIn(job);
    context.report({
      at: placeOf(declared),
      message: `the job ${job.id} can start and approve other runs, and anybody causes it with ${trigger.event}`,
      severity: head === undefined ? 'low' : 'high',
      persona: head === undefined ? 'auditor' : 'regular',
      related: [
        { at: trigger.node, label: 'anybody can cause it' },
        ...(head === undefined ? [] : [{ at: head, label: 'code of a pull request comes in' }]),
      ],
      key: job.id,
    });
  },
};
