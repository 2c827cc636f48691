import type { DecisionOutcome, DecisionSummary } from '#api/decision.ts';
import type { AuditEventType, RecordedEvent } from '#audit/event.ts';
import { isId } from '#core/ids.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { eventView, leaseView, momentOf } from './views.ts';

// Four events end the story of most; a lease that is renewed for months still fits.
const EVENTS_MAX = 1_000;

type FirstOutcome = DecisionSummary['outcome'];

const TYPES: Readonly<Record<FirstOutcome, AuditEventType>> = {
  issued: 'decision.issued',
  allowed: 'decision.allowed',
  denied: 'decision.denied',
};

function firstOutcomeOf(type: AuditEventType): FirstOutcome {
  if (type === 'decision.issued') return 'issued';
  return type === 'decision.allowed' ? 'allowed' : 'denied';
}

/** How it ended, from all that was recorded of it. */
export function outcomeOf(types: ReadonlySet<AuditEventType>): DecisionOutcome {
  if (types.has('decision.denied')) return 'denied';
  if (types.has('decision.issued') || types.has('credential.issued')) return 'issued';
  return types.has('credential.failed') ? 'failed' : 'allowed';
}

/** The code of the denial, where the body has one; bodies of older versions may not. */
function reasonOf(body: RecordedEvent['body']): string | null {
  const { denial } = body;
  if (typeof denial !== 'object' || denial === null || !('code' in denial)) return null;
  return typeof denial.code === 'string' ? denial.code : null;
}

function summaryOf(event: RecordedEvent): DecisionSummary {
  return {
    id: event.decision ?? '',
    outcome: firstOutcomeOf(event.type),
    time: momentOf(event.timeMs),
    sequence: event.sequence,
    resource: event.resource ?? null,
    principal: event.actor.id,
    reason: reasonOf(event.body),
  };
}

function unknownDecision(): RequestProblem {
  return new RequestProblem('decision_unknown', 'There is no decision with this id.');
}

export function createDecisionHandlers(
  deps: Pick<ServerDependencies, 'broker' | 'events' | 'clock'>,
): HandlersOf<'listDecisions' | 'getDecision'> {
  const { broker, events, clock } = deps;
  return {
    async listDecisions({ query }) {
      const { outcome, resource, before, limit } = query;
      const rows = await events.list({
        limit,
        types: outcome === undefined ? Object.values(TYPES) : [TYPES[outcome]],
        ...(resource === undefined ? {} : { resource }),
        ...(before === undefined ? {} : { beforeSequence: before }),
      });
      const next = rows.length === limit ? (rows.at(-1)?.sequence ?? null) : null;
      return { value: { decisions: rows.map(summaryOf), next } };
    },
    async getDecision({ params }) {
      const { id } = params;
      if (!isId('dec', id)) throw unknownDecision();
      // Sequences start at 0 or later, and a lower bound makes the list oldest first.
      const story = await events.list({ decision: id, afterSequence: -1, limit: EVENTS_MAX });
      if (story.length === 0) throw unknownDecision();
      const [lease] = await broker.leases({ decision: id, limit: 1 });
      const outcome = outcomeOf(new Set(story.map((event) => event.type)));
      return {
        value: {
          id,
          outcome,
          events: story.map(eventView),
          ...(lease === undefined ? {} : { lease: leaseView(lease, clock.nowMs()) }),
        },
      };
    },
  };
}
