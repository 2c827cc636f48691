import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose';
import { systemClock } from '#core/clock.ts';
import { TokenResponse } from '#api/token-exchange.ts';
import { denial, type Answer, type Asked } from './fake-exchange.ts';
import type { FakeLease } from './fake-lease.ts';

export interface FakeResource {
  credentialType: string;
  values: Record<string, string>;
  valueField?: string;
  /** Default: all but `username`. */
  secretFields?: string[];
  environment: Record<string, string>;
  lifetimeMs?: number;
  renewable?: boolean;
  revocable?: boolean;
}

/** The token endpoint of {@link FakeVouchgate}: decides by a table, and is strict about the request. */
export class FakeTokenEndpoint {
  readonly resources = new Map<string, FakeResource>();
  readonly leases = new Map<string, FakeLease>();
  /** Thumbprints of all keys that were proved. */
  readonly proofKeys = new Set<string>();
  url = '';
  readonly #usedTokens = new Map<string, { thumbprint: string; answers: Map<string, unknown> }>();
  readonly #usedProofs = new Set<string>();

  /** RFC 8693 §2.1 and §2.2, with the wire contract's own rules. */
  async exchange(asked: Asked): Promise<Answer> {
    if (asked.headers['content-type'] !== 'application/x-www-form-urlencoded') {
      return denial(400, 'invalid_request', 'media_type_unsupported');
    }
    const form = new URLSearchParams(asked.body);
    if (new Set(form.keys()).size !== form.size) return denial(400, 'invalid_request', 'parameter_duplicate');
    const isGrant = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange';
    if (!isGrant) return denial(400, 'unsupported_grant_type', 'grant_type_unsupported');
    if (!/^urn:ietf:params:oauth:token-type:(?:jwt|id_token)$/u.test(form.get('subject_token_type') ?? '')) {
      return denial(400, 'invalid_request', 'parameter_invalid');
    }
    const ttl = form.get('requested_expires_in');
    if (ttl !== null && !/^[1-9]\d*$/u.test(ttl)) return denial(400, 'invalid_request', 'parameter_invalid');
    const token = form.get('subject_token') ?? '';
    const claims = decodeJwt(token);
    if (claims.aud !== this.url) {
      const facts = [{ name: 'token.aud', expected: this.url, received: String(claims.aud) }];
      return denial(400, 'invalid_request', 'token_audience_mismatch', facts);
    }
    const thumbprint = await this.#checkProof(asked);
    if (thumbprint === undefined) return denial(400, 'invalid_dpop_proof', 'proof_invalid');
    return this.#issue(token, thumbprint, form.get('audience') ?? '', ttl === null ? undefined : Number(ttl));
  }

  /** RFC 9449 §4.3, with the checks that a client can get wrong. */
  async #checkProof({ headers, raw }: Asked): Promise<string | undefined> {
    const count = raw.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'dpop').length;
    if (count !== 1) return undefined;
    try {
      const { payload, protectedHeader } = await jwtVerify(String(headers['dpop']), EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: ['ES256'],
        maxTokenAge: 60,
      });
      const { jwk } = protectedHeader;
      const isNew = typeof payload.jti === 'string' && !this.#usedProofs.has(payload.jti);
      const isBound = payload['htm'] === 'POST' && payload['htu'] === `${this.url}/oauth2/token`;
      if (!isNew || !isBound || jwk === undefined || 'd' in jwk) return undefined;
      this.#usedProofs.add(payload.jti ?? '');
      const thumbprint = await calculateJwkThumbprint(jwk);
      this.proofKeys.add(thumbprint);
      return thumbprint;
    } catch {
      return undefined;
    }
  }

  #issue(token: string, thumbprint: string, name: string, ttl: number | undefined): Answer {
    const resource = this.resources.get(name);
    if (resource === undefined) return denial(400, 'invalid_target', 'resource_unknown');
    const digest = createHash('sha256').update(token).digest('base64url');
    const used = this.#usedTokens.get(digest) ?? { thumbprint, answers: new Map<string, unknown>() };
    if (used.thumbprint !== thumbprint) return denial(400, 'invalid_request', 'token_replayed');
    this.#usedTokens.set(digest, used);
    const answer = used.answers.get(name) ?? this.#makeAnswer(name, resource, ttl);
    used.answers.set(name, answer);
    return { status: 200, body: answer, headers: { 'cache-control': 'no-store' } };
  }

  #makeAnswer(name: string, resource: FakeResource, ttl: number | undefined): TokenResponse {
    const lifetimeMs = Math.min(resource.lifetimeMs ?? 900_000, (ttl ?? Number.MAX_SAFE_INTEGER) * 1000);
    const id = `lse_${String(this.leases.size).padStart(26, '0')}`;
    const lease: FakeLease = {
      id,
      token: `vgt_${randomUUID()}`,
      resource: name,
      state: 'active',
      expiresAtMs: systemClock.nowMs() + lifetimeMs,
      renewals: 0,
      revocable: resource.revocable ?? true,
    };
    this.leases.set(id, lease);
    const { valueField, values } = resource;
    return TokenResponse.parse({
      access_token: valueField === undefined ? JSON.stringify(values) : values[valueField],
      issued_token_type: 'urn:vouchgate:params:oauth:token-type:credential',
      token_type: 'N_A',
      expires_in: Math.floor(lifetimeMs / 1000),
      decision: `dec_${String(this.leases.size).padStart(26, '0')}`,
      resource: name,
      credential_type: resource.credentialType,
      value_field: valueField ?? null,
      secret_fields: resource.secretFields ?? Object.keys(values).filter((field) => field !== 'username'),
      environment: resource.environment,
      expires_at: new Date(lease.expiresAtMs).toISOString(),
      lease: { id, token: lease.token, renewable: resource.renewable ?? true, revocable: lease.revocable },
    });
  }
}
