import { hasMemberActivitiesOnly } from '#pipeline/github/outsider.ts';
import { type Assumption, evaluateJob } from '#pipeline/guard.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { RuleContext } from '../rule.ts';

/** Scopes with which somebody changes what others run, or becomes somebody else. */
const POWERFUL = ['contents', 'packages', 'actions', 'id-token', 'deployments', 'pages', 'attestations'];
const SECRET = /\bsecrets\s{0,20}(?:\.\s{0,20}([A-Za-z_]\w{0,100})|\[)/g;
const EXPRESSION_MAX = 500;

/** Whether a place is inside of `${{ }}`, as far as a look back tells. */
function isInExpression(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - EXPRESSION_MAX), at);
  return before.lastIndexOf('${{') > before.lastIndexOf('}}');
}

function secretNamesIn(text: string): string[] {
  return [...text.matchAll(SECRET)]
    .filter(({ index }) => isInExpression(text, index))
    .map(([, name]) => name ?? 'computed')
    .filter((name) => name.toUpperCase() !== 'GITHUB_TOKEN');
}

/** Secrets of the project that a job reads, by name; the job's own token is none of them. */
export const secretsOf = memoize((job: Job): readonly string[] => {
  const { source, env } = job.pipeline;
  const shared = env.map(({ node }) => source.slice(node)).join('\n');
  const inherited = job.call?.inheritsSecrets === undefined ? [] : ['every secret'];
  return [...new Set([...secretNamesIn(source.slice(job.node)), ...secretNamesIn(shared), ...inherited])];
});

/** Powerful scopes that the job's token can write, as far as the file says. */
export function powerfulScopesOf(job: Job): readonly string[] {
  const permissions = effectivePermissions(job);
  return POWERFUL.filter((scope) => permissions.access(scope) === 'write');
}

/** What somebody gets who takes the job over, in words; undefined when the file shows nothing worth it. */
export function describeAuthority(job: Job): string | undefined {
  const secrets = secretsOf(job);
  const scopes = powerfulScopesOf(job);
  const words = [
    ...(secrets.length === 0 ? [] : [secrets.length > 2 ? `${secrets.length} secrets` : secrets.join(', ')]),
    ...(scopes.length === 0 ? [] : [`${scopes.slice(0, 3).join(', ')}: write`]),
  ];
  if (words.length > 0) return words.join(' and ');
  return effectivePermissions(job).from === 'default' ? 'a token with the default permissions' : undefined;
}

/** What the context knows of outsiders at an event. */
export function outsiderIn(event: string, context: Pick<RuleContext, 'outsider'>): Assumption {
  return context.outsider(event);
}

export { hasMemberActivitiesOnly };

/** Triggers that outsiders cause, and that have secrets and a token that can write. */
export function privilegedTriggers(pipeline: Pipeline): Trigger[] {
  return pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) && trigger.authority === 'full' && !hasMemberActivitiesOnly(trigger),
  );
}

/** Whether a workflow that this one follows is known to be started by members only. */
export function followsMembersOnly(trigger: Trigger, { pipelines }: Repository): boolean {
  const names = trigger.filters['workflows'] ?? [];
  const followed = names.map((name) => pipelines.find((each) => (each.name?.value ?? each.file) === name));
  if (followed.length === 0) return false;
  return followed.every((each) => each?.triggers.every(({ firedBy }) => !isOutsider(firedBy)) === true);
}

/** Triggers by which an outsider starts a job with full rights, in spite of its conditions. */
export function openTriggers(job: Job, context: Pick<RuleContext, 'outsider' | 'repository'>): Trigger[] {
  return privilegedTriggers(job.pipeline).filter(
    (trigger) =>
      evaluateJob(job, outsiderIn(trigger.event, context)) !== 'false' &&
      !(trigger.event === 'workflow_run' && followsMembersOnly(trigger, context.repository)),
  );
}
