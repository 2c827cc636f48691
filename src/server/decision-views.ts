import type { DecisionSummary, OutcomeCounts as OutcomeCountsView } from '#api/decision.ts';
import type { DecisionQuery } from '#api/decision.ts';
import type { DecisionFilter, IndexedDecision } from '#audit/decision-index/ports.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import { momentOf } from './views.ts';

export function decisionSummary(decision: IndexedDecision): DecisionSummary {
  const { timeMs, policies, ...rest } = decision;
  return {
    id: rest.id,
    outcome: rest.outcome,
    time: momentOf(timeMs),
    sequence: rest.sequence,
    changed: rest.changed,
    resource: rest.resource ?? null,
    principal: rest.principal,
    reason: rest.reason ?? null,
    provider: rest.provider ?? null,
    platform: rest.platform ?? null,
    repository: rest.repository ?? null,
    org: rest.org ?? null,
    ref: rest.ref ?? null,
    environment: rest.environment ?? null,
    trigger: rest.trigger ?? null,
    workflow: rest.workflow ?? null,
    run: rest.run ?? null,
    commit: rest.commit ?? null,
    actor: rest.actor ?? null,
    policies: [...policies],
    policyVersion: rest.policyVersion ?? null,
    posture: rest.posture ?? null,
    lease: rest.lease ?? null,
  };
}

type FilterQuery = Omit<DecisionQuery, 'before' | 'limit'>;

/** What a request asks for, of what its caller may see. */
export function decisionFilter(query: FilterQuery, scope: RepositoryScope): DecisionFilter {
  const { outcome, from, to, resource, provider, repository, environment, trigger, workflow } = query;
  const { principal, policy, reason, actor, run, text } = query;
  return {
    scope,
    outcomes: outcome,
    resource,
    provider,
    repository,
    environment,
    trigger,
    workflow,
    principal,
    policy,
    reason,
    actor,
    run,
    text,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

export const NO_OUTCOMES: Readonly<OutcomeCountsView> = { allowed: 0, issued: 0, failed: 0, denied: 0 };
