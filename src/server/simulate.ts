import type { PolicyDecision as PolicyDecisionView, SimulationResult } from '#api/subject.ts';
import type { RecordedEvent } from '#audit/event.ts';
import { isId } from '#core/ids.ts';
import { isInScope } from '#core/repository-scope.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import { isUnderFreeze } from '#broker/freeze/freeze.ts';
import { freezeView } from './access/use-views.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import type { Person } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { factsOf, momentOf, refusalOf } from './views.ts';

function decisionView(decision: PolicyDecision): PolicyDecisionView {
  const determining = [...decision.determining];
  if (decision.outcome === 'allow') {
    return { outcome: 'allow', determining, policyVersion: decision.policyVersion };
  }
  const { reason, facts, policyVersion } = decision;
  return { outcome: 'deny', reason, determining, facts: factsOf(facts), policyVersion };
}

interface Subject {
  subject: { token: string } | { identity: WorkloadIdentity };
  resource: string;
  recorded: SimulationResult['recorded'];
}

function recordedView({ decision, timeMs, type }: RecordedEvent): NonNullable<SimulationResult['recorded']> {
  const outcome = type === 'decision.denied' ? 'denied' : 'allowed';
  return { decision: decision ?? '', time: momentOf(timeMs), outcome };
}

export function createSimulateHandlers({
  broker,
  events,
  access,
}: Pick<ServerDependencies, 'broker' | 'events' | 'access'>): HandlersOf<'simulateDecision'> {
  /** The identity as it was recorded; of a decision outside of what the caller may see there is none. */
  const recall = async (id: string, resource: string | undefined, { scope }: Person): Promise<Subject> => {
    const types = ['decision.issued', 'decision.allowed', 'decision.denied'] as const;
    const [event] = isId('dec', id) ? await events.list({ decision: id, types, limit: 1 }) : [];
    const identity = WorkloadIdentity.safeParse(event?.body['identity']);
    if (event === undefined || !isInScope(scope, identity.data?.project?.path)) {
      throw new RequestProblem('decision_unknown', 'There is no decision with this id.');
    }
    if (!identity.success) {
      throw new RequestProblem('request_invalid', 'No workload was recorded for this decision.', {
        remedy: 'Take one whose token was accepted, and that was not erased.',
      });
    }
    return {
      subject: { identity: identity.data },
      resource: resource ?? event.resource ?? '',
      recorded: recordedView(event),
    };
  };

  return {
    async simulateDecision({ body, caller }) {
      const { subject, resource, recorded }: Subject =
        'decision' in body
          ? await recall(body.decision, body.resource, caller)
          : {
              subject: 'token' in body ? { token: body.token } : { identity: body.identity },
              resource: body.resource,
              recorded: null,
            };
      const { identity, refusal, decision } = await broker.simulate(subject, resource);
      const freeze =
        identity &&
        access.freezes.inForce().find(({ target }) => isUnderFreeze(target, { identity, resource }));
      return {
        value: {
          identity: identity ?? null,
          refusal: refusal === undefined ? null : refusalOf(refusal),
          decision: decision === undefined ? null : decisionView(decision),
          resource,
          resourceKnown: broker.configurationStatus().resources.some(({ name }) => name === resource),
          frozen: freeze === undefined ? null : freezeView(freeze),
          recorded,
        },
      };
    },
  };
}
