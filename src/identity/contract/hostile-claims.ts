import { header, type HostileToken, withClaims } from './forgery.ts';
import { forge } from './token-forge.ts';

export const hostileClaims: readonly HostileToken[] = [
  { name: 'no issuer', code: 'token_issuer_unknown', forge: withClaims({ iss: undefined }) },
  {
    name: 'an issuer with a slash more',
    code: 'token_issuer_unknown',
    forge: withClaims((f) => ({ iss: `${String(f.claims.iss)}/` })),
  },
  {
    name: 'an issuer with an enterprise slug',
    code: 'token_issuer_unknown',
    forge: withClaims((f) => ({ iss: `${String(f.claims.iss)}/acme` })),
  },
  {
    name: 'an issuer in capitals',
    code: 'token_issuer_unknown',
    forge: withClaims((f) => ({ iss: String(f.claims.iss).toUpperCase() })),
  },
  {
    name: 'an issuer in a list',
    code: 'token_issuer_unknown',
    forge: withClaims((f) => ({ iss: [f.claims.iss] })),
  },
  { name: 'no audience', code: 'token_audience_missing', forge: withClaims({ aud: undefined }) },
  { name: 'an empty list of audiences', code: 'token_audience_missing', forge: withClaims({ aud: [] }) },
  {
    name: 'another audience',
    code: 'token_audience_mismatch',
    forge: withClaims({ aud: 'https://other.example' }),
  },
  {
    name: 'our audience with a slash more',
    code: 'token_audience_mismatch',
    forge: withClaims((f) => ({ aud: `${f.audience}/` })),
  },
  {
    name: 'a list with another audience',
    code: 'token_audience_mismatch',
    forge: withClaims({ aud: ['sts.amazonaws.com'] }),
  },
  {
    name: 'our audience beside another',
    code: 'token_audience_multiple',
    forge: withClaims((f) => ({ aud: [f.audience, 'sts.amazonaws.com'] })),
  },
  {
    name: 'our audience twice',
    code: 'token_audience_multiple',
    forge: withClaims((f) => ({ aud: [f.audience, f.audience] })),
  },
  {
    name: 'an audience that is no text',
    code: 'token_claim_invalid',
    forge: withClaims({ aud: { toString: 'x' } }),
  },
  { name: 'no end', code: 'token_claim_missing', forge: withClaims({ exp: undefined }) },
  { name: 'no time of issue', code: 'token_claim_missing', forge: withClaims({ iat: undefined }) },
  {
    name: 'an end as text',
    code: 'token_claim_invalid',
    forge: withClaims((f) => ({ exp: String(f.claims.exp) })),
  },
  {
    name: 'an end beyond all numbers',
    code: 'token_claim_invalid',
    forge: ({ rsa, claims }) =>
      forge(header(rsa), JSON.stringify({ ...claims, exp: 0 }).replace('"exp":0', '"exp":1e999'), rsa),
  },
  {
    name: 'an end before its issue',
    code: 'token_claim_invalid',
    forge: withClaims((f) => ({ exp: f.now - 5, iat: f.now - 4 })),
  },
  {
    name: 'an end exactly the leeway ago',
    code: 'token_expired',
    forge: withClaims((f) => ({ exp: f.now - 30, iat: f.now - 60, nbf: undefined })),
  },
  {
    name: 'a start beyond the leeway',
    code: 'token_not_yet_valid',
    forge: withClaims((f) => ({ nbf: f.now + 31 })),
  },
  { name: 'a start as text', code: 'token_claim_invalid', forge: withClaims({ nbf: 'now' }) },
  {
    name: 'an issue beyond the leeway',
    code: 'token_not_yet_valid',
    forge: withClaims((f) => ({ iat: f.now + 31, exp: f.now + 60, nbf: undefined })),
  },
  {
    name: 'too long a life',
    code: 'token_lifetime_too_long',
    forge: withClaims((f) => ({ iat: f.now, exp: f.now + f.lifetimeSecondsMax + 1 })),
  },
  { name: 'a life since 1970', code: 'token_lifetime_too_long', forge: withClaims({ iat: 0 }) },
  { name: 'no subject', code: 'token_claim_missing', forge: withClaims({ sub: undefined }) },
  { name: 'an empty subject', code: 'token_claim_missing', forge: withClaims({ sub: '' }) },
  { name: 'a subject that is a number', code: 'token_claim_invalid', forge: withClaims({ sub: 7 }) },
  { name: 'a token id that is a number', code: 'token_claim_invalid', forge: withClaims({ jti: 7 }) },
  { name: 'an empty token id', code: 'token_claim_invalid', forge: withClaims({ jti: '' }) },
  { name: 'a claim with a line break', code: 'token_claim_invalid', forge: withClaims({ extra: 'a\nb' }) },
  {
    name: 'a claim with an escape for terminals',
    code: 'token_claim_invalid',
    forge: withClaims({ extra: '\u{1b}[2J' }),
  },
  {
    name: 'a claim of more than 2,000 characters',
    code: 'token_claim_invalid',
    forge: withClaims({ extra: 'x'.repeat(2_001) }),
  },
  { name: 'a number that loses digits', code: 'token_claim_invalid', forge: withClaims({ extra: 2 ** 53 }) },
  {
    name: 'two claims with one path',
    code: 'token_claim_invalid',
    forge: withClaims({ 'a.b': '1', a: { b: '2' } }),
  },
  {
    name: 'more than 200 claims',
    code: 'token_claim_invalid',
    forge: withClaims(Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`c${index}`, 'x']))),
  },
];
