import type { Problem } from './problem.ts';
import type { TokenError, TokenRequest, TokenResponse } from './token-exchange.ts';

/** Examples of the document; a test parses each with its schema. Nothing here was ever a secret. */
export const tokenRequestExample: TokenRequest = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: 'eyJhbGciOiJSUzI1NiIs…',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  audience: 'shop-db',
};

export const tokenResponseExample: TokenResponse = {
  access_token: '{"username":"vg_shop_01JB","password":"…"}',
  issued_token_type: 'urn:vouchgate:params:oauth:token-type:credential',
  token_type: 'N_A',
  expires_in: 900,
  decision: 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
  resource: 'shop-db',
  credential_type: 'postgres',
  value_field: null,
  secret_fields: ['password'],
  environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  expires_at: '2026-01-31T12:15:00.000Z',
  lease: { id: 'lse_01JBTXQ4G6M7W8Z9V0R2K3N5PB', token: 'vgt_…', renewable: true, revocable: true },
};

export const tokenErrorExample: TokenError = {
  error: 'invalid_target',
  error_description: 'No policy lets this workload have shop-db.',
  reason: 'no_permit',
  decision: 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PC',
  facts: [{ name: 'principal.ref.full', expected: 'refs/heads/main', received: 'refs/pull/7/merge' }],
  remedy: 'Run the job so that the facts are as expected, or have a policy written for it.',
  retryable: false,
};

export const problemExample: Problem = {
  type: 'urn:vouchgate:error:lease_unknown',
  title: 'There is no such lease',
  status: 404,
  detail: 'There is no lease with this id.',
  code: 'lease_unknown',
  remedy: 'List the leases: `vouchgate leases`.',
};
