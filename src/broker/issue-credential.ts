import type { AuditActor, AuditEvent } from '#audit/event.ts';
import { AppError, messageOf } from '#core/errors.ts';
import type { CredentialRequest, IssuedCredential } from '#credentials/provider.ts';
import type { Grant, Step } from './decide.ts';
import { leaseEvent } from './decision-events.ts';
import { denyByBackend, denyWithoutStore } from './denials.ts';
import { endLateLease } from './end-lease.ts';
import type { ExchangeDenial } from './exchange.ts';
import type { ExchangeDependencies } from './exchange-dependencies.ts';
import type { LeasePlan } from './plan-lease.ts';
import type { Lease } from './ports.ts';
import { isUnreachable, withinTime } from './within-time.ts';

/** Well under the grace of a pending lease, so that the sweeper never meets a call that is still running. */
const BACKEND_TIMEOUT_MS = 15_000;
const ERROR_CHARS_MAX = 300;
const REMEDY_CHARS_MAX = 2_000;

export interface Released {
  lease: Lease;
  credential: IssuedCredential;
}

/** One call of a provider for one lease; `onLate` hears of an answer that came after we had given up. */
export interface IssueAttempt {
  grant: Grant;
  request: CredentialRequest<object>;
  lease: Lease;
  onLate?: () => void;
}

/** The caller gets the denial; what the provider said goes to the log and into the record, for `explain`. */
type Attempted =
  | { ok: true; value: IssuedCredential }
  | { ok: false; denial: ExchangeDenial; cause: Readonly<Record<string, string>> };

/** Asks the provider; its failure is a denial. */
export async function tryIssue(deps: ExchangeDependencies, attempt: IssueAttempt): Promise<Attempted> {
  const { grant, request, lease, onLate } = attempt;
  const { kind, provider, name } = grant.source;
  const call = (signal: AbortSignal): Promise<IssuedCredential> =>
    provider.issue(request, lease.handle, signal);
  try {
    // What is minted in memory needs no timer of its own: it is the hot path.
    const issued =
      kind.effect === 'none' ? await call(NEVER_ABORTED) : await withinTime(BACKEND_TIMEOUT_MS, call, onLate);
    return { ok: true, value: issued };
  } catch (error) {
    deps.log.error('credential.failed', {
      credentialProvider: name,
      lease: lease.id,
      code: error instanceof AppError ? error.code : 'unexpected',
      error: messageOf(error),
    });
    const denial = denyByBackend(failureCode(error), grant.resource.name);
    return { ok: false, denial, cause: causeOf(error, denial) };
  }
}

/** Errors of ours hold no secret, by contract; of any other we do not know, so it stays in the log. */
function causeOf(error: unknown, { message }: ExchangeDenial): Readonly<Record<string, string>> {
  if (!(error instanceof AppError)) return { error: message.slice(0, ERROR_CHARS_MAX) };
  return {
    error: error.message.slice(0, ERROR_CHARS_MAX),
    code: error.code,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy.slice(0, REMEDY_CHARS_MAX) }),
  };
}

const NEVER_ABORTED = new AbortController().signal;

function failureCode(error: unknown): 'backend_unavailable' | 'backend_refused' {
  return isUnreachable(error) || !(error instanceof AppError) ? 'backend_unavailable' : 'backend_refused';
}

/** The intent is durable already. Whatever happens from here on, the lease says what is to be undone. */
export async function issueFromBackend(
  deps: ExchangeDependencies,
  grant: Grant,
  { lease, request }: LeasePlan,
): Promise<Step<Released>> {
  const actor = { kind: 'workload', id: grant.principal } as const;
  const onLate = (): void => void endLateLease(deps, lease, actor);
  const issued = await tryIssue(deps, { grant, request, lease, onLate });
  if (!issued.ok) {
    await abandon(deps, lease, issued, actor);
    return { ok: false, denial: issued.denial, recorded: true };
  }
  const expiresAtMs = Math.min(issued.value.expiresAtMs, lease.expiresAtMs);
  const active: Lease = { ...lease, state: 'active', expiresAtMs, dueAtMs: expiresAtMs };
  const event = leaseEvent('credential.issued', active, actor, deps.clock, { expiresAtMs });
  const failed = await settle(deps, active, event);
  if (failed === undefined) {
    return { ok: true, value: { lease: active, credential: { ...issued.value, expiresAtMs } } };
  }
  await endLateLease(deps, lease, actor);
  const denial =
    failed === 'store' ? denyWithoutStore() : denyByBackend('backend_unavailable', lease.resource);
  return { ok: false, denial, recorded: true };
}

/**
 * Makes the lease active, and records that it is. Undefined when both are durable; `taken` when somebody ended
 * the lease meanwhile (a person, or the sweeper after the grace); `store` when neither is durable.
 */
export async function settle(
  deps: ExchangeDependencies,
  { id, expiresAtMs, dueAtMs }: Lease,
  event: AuditEvent,
): Promise<'taken' | 'store' | undefined> {
  try {
    const change = { state: 'active', expiresAtMs, dueAtMs } as const;
    return (await deps.store.transition(id, ['pending'], change, [event])) ? undefined : 'taken';
  } catch (error) {
    deps.log.error('credential.not_recorded', { lease: id, error: messageOf(error) });
    return 'store';
  }
}

/**
 * The back-end may have acted before it failed, so what can be undone is handed to the sweeper: at once where
 * it said no, at the end of the grace where nobody knows whether it is still at it.
 */
async function abandon(
  deps: ExchangeDependencies,
  lease: Lease,
  { denial, cause }: Extract<Attempted, { ok: false }>,
  actor: AuditActor,
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const lastError = cause['error'];
  const dueAtMs = denial.code === 'backend_refused' ? nowMs : lease.dueAtMs;
  const change = lease.revocable
    ? ({ state: 'revoking', dueAtMs, lastError } as const)
    : ({ state: 'failed', endedAtMs: nowMs, lastError } as const);
  const event = leaseEvent('credential.failed', lease, actor, deps.clock, { ...cause });
  try {
    await deps.store.transition(lease.id, ['pending'], change, [event]);
  } catch (error) {
    // It stays pending, which the sweeper undoes just as well, only later.
    deps.log.error('credential.not_recorded', { lease: lease.id, error: messageOf(error) });
  }
}
