import type { PolicyDecision as PolicyDecisionView } from '#api/subject.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { factsOf, refusalOf } from './views.ts';

function decisionView(decision: PolicyDecision): PolicyDecisionView {
  const determining = [...decision.determining];
  if (decision.outcome === 'allow') {
    return { outcome: 'allow', determining, policyVersion: decision.policyVersion };
  }
  const { reason, facts, policyVersion } = decision;
  return { outcome: 'deny', reason, determining, facts: factsOf(facts), policyVersion };
}

export function createSimulateHandlers({
  broker,
}: Pick<ServerDependencies, 'broker'>): HandlersOf<'simulateDecision'> {
  return {
    async simulateDecision({ body }) {
      const subject = 'token' in body ? { token: body.token } : { identity: body.identity };
      const { identity, refusal, decision } = await broker.simulate(subject, body.resource);
      return {
        value: {
          identity: identity ?? null,
          refusal: refusal === undefined ? null : refusalOf(refusal),
          decision: decision === undefined ? null : decisionView(decision),
        },
      };
    },
  };
}
