import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyDecision } from '#policy/access-request.ts';
import type { Broker } from './broker.ts';
import { createExchange } from './exchange-credential.ts';
import type { ExchangeDependencies } from './exchange-dependencies.ts';
import { createLeaseManager } from './manage-leases.ts';
import { askPosture, inspect, postureFor } from './ask-posture.ts';
import { factsOfPosture } from './deny-posture.ts';
import type { PostureInspection } from './posture-source.ts';
import type { BrokerRuntime } from './runtime.ts';

const STRANGER: PostureInspection = {
  known: false,
  reason: 'no policy of this server is for this workload, so its pipelines are not inspected here',
  retryable: false,
};

/** Puts the broker together; pure but for its ports. */
export function createBroker(deps: ExchangeDependencies): Broker {
  return {
    exchange: createExchange(deps),
    ...createLeaseManager(deps),
    ...createQuestions(deps),
    configurationStatus: () => deps.runtimes.status(),
  };
}

/** What may be asked without anything happening. */
function createQuestions({
  runtimes,
  clock,
  log,
}: Pick<ExchangeDependencies, 'runtimes' | 'clock' | 'log'>): Pick<
  Broker,
  'identify' | 'simulate' | 'inspect'
> {
  const identify: Broker['identify'] = async (token) => {
    const runtime = runtimes.current();
    if (runtime !== undefined) return runtime.verify(token);
    return {
      ok: false,
      refusal: {
        code: 'token_issuer_unknown',
        message: 'No valid configuration is in force.',
        facts: [],
        remedy: 'The operator must mend vouchgate.yaml.',
        retryable: true,
      },
    };
  };
  return {
    identify,
    async simulate(subject, target) {
      const verification = 'token' in subject ? await identify(subject.token) : undefined;
      if (verification?.ok === false) {
        return { identity: undefined, refusal: verification.refusal, decision: undefined };
      }
      const identity = 'identity' in subject ? subject.identity : verification?.value.identity;
      const runtime = runtimes.current();
      const resource = runtime?.resourceByName(target);
      if (identity === undefined || runtime === undefined || resource === undefined) {
        return { identity, refusal: undefined, decision: undefined };
      }
      const context = { nowMs: clock.nowMs(), sourceIp: undefined, keyBound: false };
      const request: AccessRequest = { identity, action: 'issue', resource, context };
      const posture = await askPosture(runtime, request, log);
      const decision = runtime.policy.decide({
        ...request,
        context: { ...context, posture: postureFor(posture) },
      });
      return { identity, refusal: undefined, decision: withPostureFacts(decision, posture) };
    },
    async inspect(token) {
      const verification = await identify(token);
      if (!verification.ok) return verification;
      const { identity } = verification.value;
      const runtime = runtimes.current();
      if (runtime === undefined || !isServed(runtime, identity, clock.nowMs()))
        return { ok: true, value: STRANGER };
      return { ok: true, value: await inspect(runtime.posture, identity, log) };
    },
  };
}

function withPostureFacts(decision: PolicyDecision, posture: PostureInspection | undefined): PolicyDecision {
  if (decision.outcome === 'allow' || posture === undefined) return decision;
  return { ...decision, facts: [...factsOfPosture(posture), ...decision.facts] };
}

/** Anybody can have a verified token of a public platform; only for those with something to gain here do we work. */
function isServed(runtime: BrokerRuntime, identity: WorkloadIdentity, nowMs: number): boolean {
  for (const name of runtime.resourceNames()) {
    const resource = runtime.resourceByName(name);
    if (resource === undefined) continue;
    const context = { nowMs, sourceIp: undefined, keyBound: true };
    const request: AccessRequest = { identity, action: 'issue', resource, context };
    if (runtime.policy.outlook(request) !== 'denied') return true;
  }
  return false;
}
