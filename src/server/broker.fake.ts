import type { Broker, ConfigurationStatus, LeaseAnswer, LeaseAuthority, Simulation } from '#broker/broker.ts';
import type { ExchangeRequest, ExchangeResult } from '#broker/exchange.ts';
import type { PostureInspection } from '#broker/posture-source.ts';
import type { Lease, LeaseFilter } from '#broker/ports.ts';
import { Secret } from '#core/secret.ts';
import type { Verification } from '#identity/refusal.ts';
import type { VerifiedToken, WorkloadIdentity } from '#identity/workload-identity.ts';

export const NOW_MS = Date.parse('2026-06-01T12:00:00.000Z');
export const DECISION_ID = 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA';
export const LEASE_TOKEN = `vgt_${'L'.repeat(43)}`;
export const GOOD_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln';

export const identityExample: WorkloadIdentity = {
  provider: 'github',
  platform: 'github-actions',
  issuer: 'https://issuer.example',
  subject: 'repo:acme/shop:ref:refs/heads/main',
  claims: { repository: 'acme/shop' },
};

export function leaseExample(change: Partial<Lease> = {}): Lease {
  return {
    id: 'lse_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
    decision: DECISION_ID,
    state: 'active',
    resource: 'shop-db',
    credentialProvider: 'main-postgres',
    principal: 'github/repo:acme/shop:ref:refs/heads/main',
    workload: 'acme/shop@refs/heads/main',
    holder: undefined,
    handle: { role: 'vg_shop_01' },
    revocable: true,
    createdAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 900_000,
    expiresAtMsMax: NOW_MS + 3_600_000,
    endedAtMs: undefined,
    dueAtMs: NOW_MS + 900_000,
    attempts: 0,
    lastError: undefined,
    ...change,
  };
}

export function issuedExample(values: Record<string, string | Secret> = {}): ExchangeResult {
  return {
    outcome: 'issued',
    issued: {
      decision: DECISION_ID,
      lease: leaseExample(),
      leaseToken: LEASE_TOKEN,
      credentialType: 'postgres',
      issuedTokenType: 'urn:vouchgate:params:oauth:token-type:credential',
      accessTokenField: undefined,
      renewable: true,
      credential: {
        values: { username: 'vg_shop_01', password: new Secret('hunter2-canary'), ...values },
        environment: { PGUSER: 'username', PGPASSWORD: 'password' },
        expiresAtMs: NOW_MS + 900_000,
      },
    },
  };
}

/** Refuses what a store on PostgreSQL refuses: NUL, and what has no UTF-8. */
function assertStorable(...texts: (string | undefined)[]): void {
  for (const text of texts) {
    if (text !== undefined && (text.includes('\u0000') || !text.isWellFormed())) {
      throw new TypeError('text that no store takes');
    }
  }
}

function assertExchange(request: ExchangeRequest): void {
  const { subjectToken, target, ttlSeconds, proof } = request;
  if (subjectToken === '' || ('name' in target ? target.name : target.uri) === '')
    throw new TypeError('empty');
  if (ttlSeconds !== undefined && !(Number.isSafeInteger(ttlSeconds) && ttlSeconds > 0)) {
    throw new TypeError('ttlSeconds');
  }
  if (proof !== undefined && (proof.method !== 'POST' || !proof.url.endsWith('/oauth2/token'))) {
    throw new TypeError('proof');
  }
  assertStorable('name' in target ? target.name : target.uri);
}

function matches(lease: Lease, filter: Omit<LeaseFilter, 'limit'>): boolean {
  const { states, resource, credentialProvider, principal, decision, beforeId } = filter;
  assertStorable(resource, credentialProvider, principal, decision, beforeId);
  return (
    (states === undefined || states.includes(lease.state)) &&
    (resource === undefined || lease.resource === resource) &&
    (credentialProvider === undefined || lease.credentialProvider === credentialProvider) &&
    (principal === undefined || lease.principal === principal) &&
    (decision === undefined || lease.decision === decision) &&
    (beforeId === undefined || lease.id < beforeId)
  );
}

/** A broker without a store behind it, which refuses what the real one does and remembers what it was asked. */
export class FakeBroker implements Broker {
  readonly requests: ExchangeRequest[] = [];
  readonly authorities: LeaseAuthority[] = [];
  readonly revocations: { filter: object; person: string }[] = [];
  leaseRows: Lease[] = [leaseExample()];
  status: ConfigurationStatus = {
    inForce: { id: 'cfg_01JBTXQ4G6M7W8Z9V0R2K3N5PA', digest: 'a'.repeat(64), appliedAtMs: NOW_MS },
    refused: undefined,
    resources: [],
    identityProviders: [],
    policies: [],
    posture: undefined,
    inputs: [],
    telemetry: { metrics: false, traces: false },
  };
  onExchange: (request: ExchangeRequest) => Promise<ExchangeResult> | ExchangeResult = () => issuedExample();

  async exchange(request: ExchangeRequest): Promise<ExchangeResult> {
    assertExchange(request);
    this.requests.push(request);
    return this.onExchange(request);
  }

  async identify(token: string): Promise<Verification<VerifiedToken>> {
    if (token !== GOOD_TOKEN) {
      const facts = [{ name: 'token', expected: 'a JWT', received: undefined }];
      const refusal = { code: 'token_malformed', message: 'No JWT.', remedy: 'Send one.' } as const;
      return { ok: false, refusal: { ...refusal, facts, retryable: false } };
    }
    const value = {
      identity: identityExample,
      tokenId: 'jti-1',
      tokenDigest: 'digest',
      issuedAtSeconds: NOW_MS / 1_000,
      expiresAtSeconds: NOW_MS / 1_000 + 300,
    };
    return { ok: true, value };
  }

  posture: PostureInspection = { known: false, reason: 'nobody looked', retryable: true };

  async inspect(token: string): Promise<Verification<PostureInspection>> {
    const verification = await this.identify(token);
    return verification.ok ? { ok: true, value: this.posture } : verification;
  }

  async simulate(subject: { token: string } | { identity: WorkloadIdentity }): Promise<Simulation> {
    if ('token' in subject && subject.token !== GOOD_TOKEN) {
      const verification = await this.identify(subject.token);
      const refusal = verification.ok ? undefined : verification.refusal;
      return { identity: undefined, refusal, decision: undefined };
    }
    const identity = 'identity' in subject ? subject.identity : identityExample;
    const facts = [{ name: 'principal.ref', expected: 'present', received: undefined }];
    const decision = {
      outcome: 'deny',
      reason: 'no_permit',
      determining: [],
      facts,
      policyVersion: 'v1',
    } as const;
    return { identity, refusal: undefined, decision };
  }

  async lease(id: string): Promise<Lease | undefined> {
    assertStorable(id);
    return this.leaseRows.find((lease) => lease.id === id);
  }

  async leases(filter: LeaseFilter): Promise<Lease[]> {
    if (filter.limit < 1 || filter.limit > 1_000) throw new RangeError('limit');
    return this.leaseRows
      .filter((lease) => matches(lease, filter))
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, filter.limit);
  }

  async renewLease(id: string, authority: LeaseAuthority): Promise<LeaseAnswer> {
    return this.#change(id, authority, { expiresAtMs: NOW_MS + 1_800_000 });
  }

  async revokeLease(id: string, authority: LeaseAuthority): Promise<LeaseAnswer> {
    return this.#change(id, authority, { state: 'revoked', endedAtMs: NOW_MS });
  }

  async revokeLeases(filter: Omit<LeaseFilter, 'limit' | 'beforeId'>, person: string) {
    this.revocations.push({ filter, person });
    return { revoked: this.leaseRows.filter((lease) => matches(lease, filter)).length, pending: [] };
  }

  configurationStatus(): ConfigurationStatus {
    return this.status;
  }

  async #change(id: string, authority: LeaseAuthority, change: Partial<Lease>): Promise<LeaseAnswer> {
    const lease = await this.lease(id);
    if (lease === undefined) {
      return { ok: false, code: 'lease_unknown', message: 'No such lease.', remedy: 'Look again.' };
    }
    if ('leaseToken' in authority && authority.leaseToken !== LEASE_TOKEN) {
      return { ok: false, code: 'lease_token_invalid', message: 'Not its token.', remedy: 'Use its own.' };
    }
    this.authorities.push(authority);
    return { ok: true, lease: { ...lease, ...change } };
  }
}
