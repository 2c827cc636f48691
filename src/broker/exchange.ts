import type { Fact, TokenRefusalCode } from '#identity/refusal.ts';
import type { IssuedCredential } from '#credentials/provider.ts';
import type { PolicyDenialReason } from '#policy/access-request.ts';
import type { Lease } from './ports.ts';

/** One request for one credential, already free of HTTP. */
export interface ExchangeRequest {
  /** The platform's token, as received. */
  subjectToken: string;
  /** Name of the resource (`audience` of RFC 8693 §2.1), or its URI (`resource`). */
  target: { name: string } | { uri: string };
  /** Shorter than the resource's own lifetime; longer is capped. */
  ttlSeconds: number | undefined;
  /** RFC 9449 proof from the `DPoP` header, with the method and URL it must be for. */
  proof: { jwt: string; method: string; url: string } | undefined;
  sourceIp: string | undefined;
  /** W3C trace context of the caller, unchecked; only for who traces exchanges. */
  traceparent?: string | undefined;
}

export type ExchangeDenialCode =
  | TokenRefusalCode
  | PolicyDenialReason
  /** A policy demands a posture, and the pipeline does not have it. */
  | 'posture_failed'
  | 'posture_unknown'
  | 'token_replayed'
  | 'exchange_in_progress'
  | 'proof_invalid'
  | 'proof_replayed'
  | 'proof_required'
  | 'resource_unknown'
  /** An emergency stop stands for it. */
  | 'frozen'
  | 'configuration_missing'
  | 'store_unavailable'
  | 'backend_unavailable'
  | 'backend_refused'
  | 'overloaded';

/** Why not, as a value. `facts` never hold a secret. */
export interface ExchangeDenial {
  code: ExchangeDenialCode;
  message: string;
  facts: readonly Fact[];
  remedy: string;
  /** True when the same request may pass later without a change by the caller. */
  retryable: boolean;
}

export interface IssuedExchange {
  decision: string;
  lease: Lease;
  /** Bearer secret to renew or revoke this lease: only its holder has it. */
  leaseToken: string;
  /** Kind of the credential: `postgres`, `oidc-token`… */
  credentialType: string;
  issuedTokenType: string;
  /** The field of `credential.values` that is the access token; undefined: all of them, as JSON. */
  accessTokenField: string | undefined;
  renewable: boolean;
  credential: IssuedCredential;
}

export type ExchangeResult =
  | { outcome: 'issued'; issued: IssuedExchange }
  /** `decision` is undefined only when not even the denial could be recorded. */
  | { outcome: 'denied'; decision: string | undefined; denial: ExchangeDenial };
