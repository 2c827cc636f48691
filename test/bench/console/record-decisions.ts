import { allowedEvent, deniedEvent, type ExchangeFacts, leaseEvent } from '#broker/decision-events.ts';
import type { Lease } from '#broker/ports.ts';
import { newId } from '#core/ids.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { principalIdOf } from '#identity/principal.ts';
import type { Storage } from '#storage/storage.ts';

const REPOSITORIES = 250;
const RESOURCES = 40;
const DAYS = 28;
const DAY_MS = 86_400_000;
const BATCH = 500;
const LIFE_MS = 900_000;

/** The same on every run: 32-bit mixing of a counter (Knuth's multiplicative hash). */
function pick(at: number, salt: number, size: number): number {
  return (Math.imul(at + salt * 7_919, 2_654_435_761) >>> 8) % size;
}

function identityOf(at: number): WorkloadIdentity {
  const repository = pick(at, 1, REPOSITORIES);
  const path = `acme/service-${repository}`;
  const isPull = at % 9 === 0;
  const ref = isPull ? `refs/pull/${pick(at, 2, 500)}/merge` : 'refs/heads/main';
  const environment = at % 4 === 0 ? 'production' : undefined;
  const trigger = isPull ? 'pull_request' : 'push';
  const subject =
    environment === undefined ? `repo:${path}:ref:${ref}` : `repo:${path}:environment:${environment}`;
  const config = `${path}/.github/workflows/deploy.yml@${ref}`;
  const person = `person-${pick(at, 3, 300)}`;
  return {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://token.actions.githubusercontent.com',
    subject,
    org: { id: '1', name: 'acme' },
    project: { id: String(1_000 + repository), path, visibility: 'private' },
    ref: { full: ref, type: isPull ? 'pull' : 'branch' },
    commit: at.toString(16).padStart(40, '0'),
    trigger,
    ...(environment === undefined ? {} : { environment: { name: environment } }),
    config: { uri: config, sha: at.toString(16).padStart(40, '0') },
    runner: { hosting: 'platform' },
    run: { id: String(9_000_000 + at), attempt: '1' },
    actor: { id: String(pick(at, 3, 300)), login: person },
    claims: {
      sub: subject,
      repository: path,
      ref,
      event_name: trigger,
      workflow_ref: config,
      actor: person,
      run_id: String(9_000_000 + at),
      aud: 'https://vouchgate.acme.example',
      job_workflow_ref: config,
    },
  };
}

function leaseOf(facts: ExchangeFacts, clock: { nowMs(): number }, isOver: boolean): Lease {
  const createdAtMs = clock.nowMs();
  const expiresAtMs = createdAtMs + LIFE_MS;
  return {
    id: newId('lse', clock),
    decision: facts.decision,
    state: isOver ? 'expired' : 'active',
    resource: facts.target,
    credentialProvider: 'main-postgres',
    principal: facts.principal ?? '',
    workload: 'acme/service',
    holder: undefined,
    handle: { role: 'vg_service' },
    revocable: true,
    createdAtMs,
    expiresAtMs,
    expiresAtMsMax: createdAtMs + 3_600_000,
    endedAtMs: isOver ? expiresAtMs : undefined,
    dueAtMs: expiresAtMs,
    attempts: 0,
    lastError: undefined,
  };
}

function factsOf(at: number, clock: { nowMs(): number }, isDenied: boolean): ExchangeFacts {
  const identity = identityOf(at);
  const resource = pick(at, 1, REPOSITORIES) % RESOURCES;
  return {
    decision: newId('dec', clock),
    target: `resource-${resource}`,
    principal: principalIdOf(identity),
    verified: {
      identity,
      tokenId: `jti-${at}`,
      tokenDigest: `digest-${at}`,
      issuedAtSeconds: 1,
      expiresAtSeconds: 2,
    },
    holder: undefined,
    sourceIp: `192.0.2.${at % 250}`,
    policy: isDenied
      ? { outcome: 'deny', reason: 'no_permit', determining: [], facts: [], policyVersion: 'v1' }
      : { outcome: 'allow', determining: [`resource-${resource}-deploy`], policyVersion: 'v1' },
  };
}

/** What the broker writes of one exchange: the lease with its events, or the denial. */
async function recordOne(storage: Storage, at: number, timeMs: number, isOver: boolean): Promise<void> {
  const clock = { nowMs: () => timeMs };
  const isDenied = at % 9 === 0;
  const facts = factsOf(at, clock, isDenied);
  if (isDenied) {
    const code = at % 2 === 0 ? 'no_permit' : 'token_expired';
    const text = {
      message: 'No policy permits it.',
      remedy: 'Ask for a policy.',
      facts: [],
      retryable: false,
    };
    await storage.events.append([deniedEvent(facts, { code, ...text }, clock)]);
    return;
  }
  const lease = leaseOf(facts, clock, isOver);
  const replay = {
    tokenKey: `token-${at}`,
    proofKey: undefined,
    holder: undefined,
    decision: lease.decision,
    expiresAtMs: timeMs + 300_000,
  };
  const server = { kind: 'server', id: 'bench' } as const;
  const end = at % 301 === 0 ? 'credential.failed' : 'credential.issued';
  const events =
    at % 3 === 0
      ? [allowedEvent('decision.issued', facts, lease, clock)]
      : [allowedEvent('decision.allowed', facts, lease, clock), leaseEvent(end, lease, server, clock)];
  await storage.broker.commit({ replay, lease, retryKey: undefined, events });
}

/** Decisions of the last weeks, in the order of time but for those of one batch. */
export async function recordDecisions(storage: Storage, count: number, nowMs: number): Promise<void> {
  for (let start = 0; start < count; start += BATCH) {
    const length = Math.min(BATCH, count - start);
    await Promise.all(
      Array.from({ length }, (_, offset) => {
        const at = start + offset;
        const timeMs = Math.floor(nowMs - DAYS * DAY_MS * (1 - at / count));
        return recordOne(storage, at, timeMs, nowMs - timeMs > LIFE_MS);
      }),
    );
  }
}
