import { z } from 'zod';
import { Fact } from './fact.ts';
import { Moment } from './parameters.ts';

export const TOKEN_PATH = '/oauth2/token';
export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';
/** `issued_token_type` when the credential is several values, as JSON in `access_token`. */
export const CREDENTIAL_TOKEN_TYPE = 'urn:vouchgate:params:oauth:token-type:credential';

export const SUBJECT_TOKEN_TYPES = [
  'urn:ietf:params:oauth:token-type:jwt',
  'urn:ietf:params:oauth:token-type:id_token',
] as const;

export const REQUESTED_TOKEN_TYPES = [
  'urn:ietf:params:oauth:token-type:jwt',
  'urn:ietf:params:oauth:token-type:id_token',
  'urn:ietf:params:oauth:token-type:access_token',
  CREDENTIAL_TOKEN_TYPE,
] as const;

/** The form of `POST /oauth2/token` (RFC 8693 §2.1). Exactly one of `audience` and `resource`, once. */
export const TokenRequest = z.object({
  grant_type: z.literal(TOKEN_EXCHANGE_GRANT),
  subject_token: z.string().min(1).describe('The OIDC token that the pipeline platform gave the job.'),
  subject_token_type: z.enum(SUBJECT_TOKEN_TYPES),
  audience: z.string().optional().describe('Name of the resource, as in vouchgate.yaml.'),
  resource: z.string().optional().describe('URI of the resource, where the configuration gives it one.'),
  requested_token_type: z
    .enum(REQUESTED_TOKEN_TYPES)
    .optional()
    .describe('A hint; `issued_token_type` of the answer is what counts.'),
  requested_expires_in: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Seconds; an extension. Shorter than the resource gives; longer is capped.'),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

export const TokenResponse = z.object({
  access_token: z.string().describe('One value, or the JSON of all when `value_field` is null.'),
  issued_token_type: z.string(),
  token_type: z.enum(['N_A', 'Bearer', 'DPoP']),
  expires_in: z.int().min(0),
  decision: z.string().describe('Id of the recorded decision, `dec_…`.'),
  resource: z.string(),
  credential_type: z.string(),
  value_field: z.string().nullable(),
  secret_fields: z.array(z.string()).describe('Value fields that no log may show.'),
  environment: z
    .record(z.string(), z.string())
    .describe('Environment variable name to the value field that belongs in it.'),
  expires_at: Moment,
  lease: z.object({
    id: z.string(),
    token: z.string().describe('Secret of the holder of this lease, to renew and revoke it.'),
    renewable: z.boolean(),
    revocable: z.boolean(),
  }),
});
export type TokenResponse = z.infer<typeof TokenResponse>;

/** Why there is no credential. The first block is about the request's form, the others come from the decision. */
export const TokenErrorReason = z.enum([
  'request_malformed',
  'parameter_duplicate',
  'parameter_missing',
  'parameter_invalid',
  'parameter_unsupported',
  'grant_type_unsupported',
  'target_missing',
  'target_multiple',
  'body_too_large',
  'media_type_unsupported',
  'internal_error',

  'token_too_large',
  'token_malformed',
  'token_duplicate_member',
  'token_type_unsupported',
  'token_algorithm_forbidden',
  'token_critical_header',
  'token_issuer_unknown',
  'token_key_unknown',
  'token_key_ambiguous',
  'token_key_mismatch',
  'token_keys_unavailable',
  'token_signature_invalid',
  'token_audience_missing',
  'token_audience_mismatch',
  'token_audience_multiple',
  'token_claim_missing',
  'token_claim_invalid',
  'token_expired',
  'token_not_yet_valid',
  'token_lifetime_too_long',

  'no_permit',
  'forbidden',
  'evaluation_error',
  'posture_failed',
  'posture_unknown',

  'token_replayed',
  'exchange_in_progress',
  'proof_invalid',
  'proof_replayed',
  'proof_required',
  'resource_unknown',
  'frozen',
  'configuration_missing',
  'store_unavailable',
  'backend_unavailable',
  'backend_refused',
  'overloaded',
]);
export type TokenErrorReason = z.infer<typeof TokenErrorReason>;

/** `error` of RFC 6749 §5.2, RFC 8693 §2.2.2 and RFC 9449 §5. */
export const TokenErrorCode = z.enum([
  'invalid_request',
  'invalid_target',
  'invalid_scope',
  'invalid_dpop_proof',
  'unsupported_grant_type',
  'temporarily_unavailable',
  'server_error',
]);
export type TokenErrorCode = z.infer<typeof TokenErrorCode>;

export const TokenError = z.object({
  error: TokenErrorCode,
  error_description: z.string().describe('For people; printable ASCII without quotes and backslashes.'),
  reason: TokenErrorReason,
  decision: z.string().optional().describe('Id of the recorded denial, `dec_…`.'),
  facts: z.array(Fact),
  remedy: z.string(),
  retryable: z.boolean().describe('The same request may pass later without a change by the caller.'),
});
export type TokenError = z.infer<typeof TokenError>;
