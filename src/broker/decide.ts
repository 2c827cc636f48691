import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { verifyDpopProof } from '#identity/dpop.ts';
import { principalIdOf } from '#identity/principal.ts';
import type { VerifiedToken } from '#identity/workload-identity.ts';
import type { AccessRequest } from '#policy/access-request.ts';
import { askPosture, postureFor } from './ask-posture.ts';
import type { ExchangeFacts } from './decision-events.ts';
import {
  denyByPolicy,
  denyInvalidProof,
  denyMissingProof,
  denyRefusedToken,
  denyUnknownResource,
  denyWithoutConfiguration,
  denyWithoutStore,
} from './denials.ts';
import type { ExchangeDenial, ExchangeRequest } from './exchange.ts';
import { denyFrozen } from './freeze/deny-frozen.ts';
import type { FreezeGuard } from './freeze/freeze-guard.ts';
import type { BrokerRuntime, RuntimeCredentialProvider, RuntimeResource } from './runtime.ts';

const PROOF_LEEWAY_SECONDS = 60;

export interface ProvenHolder {
  thumbprint: string;
  /** Replay key of the proof itself. */
  proofKey: string;
}

/** What was allowed, with everything that issuing it needs. */
export interface Grant {
  verified: VerifiedToken;
  principal: string;
  holder: ProvenHolder | undefined;
  resource: RuntimeResource;
  source: RuntimeCredentialProvider;
}

export interface Refusal {
  ok: false;
  denial: ExchangeDenial;
  /** True when the record says already how the decision ended, so that no second event must say otherwise. */
  recorded?: boolean;
}

export type Step<T> = { ok: true; value: T } | Refusal;

function refuse(denial: ExchangeDenial): Refusal {
  return { ok: false, denial };
}

/** verify → resource → posture, where a policy asks for it → policy. Writes nothing; `facts` collects what was learned, for the record. */
export async function decideExchange(
  runtime: BrokerRuntime | undefined,
  request: ExchangeRequest,
  facts: ExchangeFacts,
  { clock, log, freezes }: { clock: Clock; log: Pick<Logger, 'error'>; freezes: FreezeGuard },
): Promise<Step<Grant>> {
  if (runtime === undefined) return refuse(denyWithoutConfiguration());
  const verification = await runtime.verify(request.subjectToken);
  if (!verification.ok) return refuse(denyRefusedToken(verification.refusal));
  const verified = verification.value;
  const principal = principalIdOf(verified.identity);
  facts.verified = verified;
  facts.principal = principal;

  const proof = await proveHolder(request, clock);
  if (!proof.ok) return proof;
  facts.holder = proof.value?.thumbprint;

  const target = findTarget(runtime, request);
  if (!target.ok) return target;
  const { resource, source } = target.value;
  facts.target = resource.name;
  const frozen = refuseFrozen(freezes, verified, resource.name);
  if (frozen !== undefined) return frozen;
  if (resource.proofRequired && proof.value === undefined) return refuse(denyMissingProof(resource.name));

  const asked: AccessRequest = {
    identity: verified.identity,
    action: 'issue',
    resource,
    context: { nowMs: clock.nowMs(), sourceIp: request.sourceIp, keyBound: proof.value !== undefined },
  };
  const posture = await askPosture(runtime, asked, log);
  facts.posture = posture;
  // An inspection takes its time, and policies see the moment of the decision.
  const context = { ...asked.context, nowMs: clock.nowMs(), posture: postureFor(posture) };
  const decision = runtime.policy.decide({ ...asked, context });
  facts.policy = decision;
  if (decision.outcome === 'deny') return refuse(denyByPolicy(decision, resource.name, posture));
  return { ok: true, value: { verified, principal, holder: proof.value, resource, source } };
}

/** Before any policy: a stop holds whatever they say. Not known is frozen. */
function refuseFrozen(
  freezes: FreezeGuard,
  { identity }: VerifiedToken,
  resource: string,
): Refusal | undefined {
  const answer = freezes.check({ identity, resource });
  if (answer.state === 'clear') return undefined;
  return refuse(answer.state === 'frozen' ? denyFrozen(answer.freeze) : denyWithoutStore());
}

async function proveHolder(request: ExchangeRequest, clock: Clock): Promise<Step<ProvenHolder | undefined>> {
  if (request.proof === undefined) return { ok: true, value: undefined };
  const { jwt, method, url } = request.proof;
  const proof = await verifyDpopProof({
    proof: jwt,
    method,
    url,
    clock,
    leewaySeconds: PROOF_LEEWAY_SECONDS,
  });
  if (!proof.ok) return refuse(denyInvalidProof(proof.message, proof.facts));
  return { ok: true, value: { thumbprint: proof.thumbprint, proofKey: proof.proofKey } };
}

function findTarget(
  runtime: BrokerRuntime,
  request: ExchangeRequest,
): Step<{ resource: RuntimeResource; source: RuntimeCredentialProvider }> {
  const { target } = request;
  const resource = 'name' in target ? runtime.resourceByName(target.name) : runtime.resourceByUri(target.uri);
  const source = resource && runtime.credentialProvider(resource.credentialProvider);
  if (resource === undefined || source === undefined) {
    return refuse(denyUnknownResource(target, runtime.resourceNames()));
  }
  return { ok: true, value: { resource, source } };
}
