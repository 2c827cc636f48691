import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { StoreError } from '#core/store-error.ts';
import { type Grant, decideExchange, type Refusal, type Step } from './decide.ts';
import { allowedEvent, type ExchangeFacts } from './decision-events.ts';
import { createDenialRecorder } from './denial-recorder.ts';
import { denyByBackend, denyWithoutStore } from './denials.ts';
import { describeTarget } from './describe-target.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';
import type { ExchangeDependencies } from './exchange-dependencies.ts';
import { issueFromBackend, type Released, tryIssue } from './issue-credential.ts';
import { type LeasePlan, planLease, replayClaim } from './plan-lease.ts';
import { repeatCredential } from './repeat-credential.ts';

/**
 * The exchange: verify → policy → claim, lease and record in one durable transaction → issue → release.
 * What leaves here was recorded before; what fails leaves a lease that the sweeper ends.
 */
export function createExchange(
  deps: ExchangeDependencies,
): (request: ExchangeRequest) => Promise<ExchangeResult> {
  const denials = createDenialRecorder(deps);

  const deny = async (facts: ExchangeFacts, { denial, recorded }: Refusal): Promise<ExchangeResult> => {
    const decision = recorded === true ? facts.decision : await denials.record(facts, denial);
    return { outcome: 'denied', decision, denial };
  };

  return async function exchange(request) {
    const facts = startFacts(request, deps.clock);
    const grant = await decideExchange(deps.runtimes.current(), request, facts, deps);
    if (!grant.ok) return deny(facts, grant);
    const released = await release(deps, grant.value, request, facts);
    return released.ok ? answer(deps, grant.value, released.value) : deny(facts, released);
  };
}

function startFacts(request: ExchangeRequest, clock: Clock): ExchangeFacts {
  return {
    decision: newId('dec', clock),
    target: describeTarget(request.target),
    principal: undefined,
    verified: undefined,
    holder: undefined,
    sourceIp: request.sourceIp,
    policy: undefined,
    posture: undefined,
  };
}

async function release(
  deps: ExchangeDependencies,
  grant: Grant,
  request: ExchangeRequest,
  facts: ExchangeFacts,
): Promise<Step<Released>> {
  const plan = tryPlan(deps, grant, request, facts);
  if (!plan.ok) return plan;
  try {
    return grant.source.kind.effect === 'none'
      ? await releaseMinted(deps, grant, plan.value, facts)
      : await releaseFromBackend(deps, grant, plan.value, facts);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    deps.log.error('exchange.store_failed', { decision: facts.decision, code: error.code, error });
    return { ok: false, denial: denyWithoutStore() };
  }
}

function tryPlan(
  deps: ExchangeDependencies,
  grant: Grant,
  request: ExchangeRequest,
  facts: ExchangeFacts,
): Step<LeasePlan> {
  try {
    return { ok: true, value: planLease(grant, facts.decision, request.ttlSeconds, deps.clock) };
  } catch (error) {
    const { name } = grant.source;
    deps.log.error('credential.not_planned', { credentialProvider: name, error: messageOf(error) });
    return { ok: false, denial: denyByBackend('backend_refused', grant.resource.name) };
  }
}

/** What we mint ourselves touches nothing: mint first, then one transaction, then release. */
async function releaseMinted(
  deps: ExchangeDependencies,
  grant: Grant,
  { request, lease: planned }: LeasePlan,
  facts: ExchangeFacts,
): Promise<Step<Released>> {
  const minted = await tryIssue(deps, { grant, request, lease: planned });
  if (!minted.ok) return minted;
  const expiresAtMs = Math.min(minted.value.expiresAtMs, planned.expiresAtMs);
  const lease = { ...planned, expiresAtMs, dueAtMs: expiresAtMs };
  const result = await deps.store.commit({
    ...replayClaim(grant, facts.decision, deps.clock),
    lease,
    events: [allowedEvent('decision.issued', facts, lease, deps.clock)],
  });
  if (result.status !== 'committed') return repeatCredential(deps, grant, result, facts);
  return { ok: true, value: { lease, credential: { ...minted.value, expiresAtMs } } };
}

/** Where a back-end acts, the intent is durable before it is called, and the outcome before the release. */
async function releaseFromBackend(
  deps: ExchangeDependencies,
  grant: Grant,
  plan: LeasePlan,
  facts: ExchangeFacts,
): Promise<Step<Released>> {
  const result = await deps.store.commit({
    ...replayClaim(grant, facts.decision, deps.clock),
    lease: plan.lease,
    events: [allowedEvent('decision.allowed', facts, plan.lease, deps.clock)],
  });
  if (result.status !== 'committed') return repeatCredential(deps, grant, result, facts);
  return issueFromBackend(deps, grant, plan);
}

function answer(deps: ExchangeDependencies, grant: Grant, released: Released): ExchangeResult {
  const { kind } = grant.source;
  const { lease, credential } = released;
  const environment = grant.resource.environment ?? credential.environment;
  return {
    outcome: 'issued',
    issued: {
      decision: lease.decision,
      lease,
      leaseToken: deps.leaseTokens.tokenFor(lease.id),
      credentialType: kind.id,
      issuedTokenType: kind.issuedTokenType,
      accessTokenField: kind.accessTokenField,
      renewable: kind.renewable,
      credential: { ...credential, environment },
    },
  };
}
