import { z } from 'zod';
import { signatureAlgorithms } from './jose/algorithms.ts';
import { KEYS_MAX } from './keys/key-set.ts';
import { hasPrivateMembers } from './keys/verification-key.ts';

const LIFETIME_SECONDS_MAX = 30 * 24 * 60 * 60;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * https, or http on this machine's own loopback (a development issuer). That an address may be named does not
 * make it reachable: the bounded fetch connects to loopback only where the operator listed the host.
 */
function isIssuerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash, search } = new URL(text);
  const scheme = protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname));
  return scheme && username === '' && password === '' && hash === '' && search === '' && !/[?#]/.test(text);
}

const IssuerUrl = z
  .string()
  .max(1_000)
  .refine(isIssuerUrl, 'must be an https URL without user, query or fragment (http only on loopback)');

const Jwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']) })
  .refine(
    (jwk) => !hasPrivateMembers(jwk),
    'holds the private key: put the public half here, and replace that key',
  );

/**
 * The settings that every identity provider has, whatever its kind.
 *
 * `audience` replaces the server's own. `required` names claims that every token must have with exactly this
 * text, e.g. `repository_owner_id`; a nested claim by its dotted path. `jwks` replaces discovery: another
 * address, or the keys themselves for an issuer that cannot be reached from here.
 */
export const IdentityProviderCommon = z.strictObject({
  issuer: IssuerUrl.optional(),
  audience: z.string().min(1).max(1_000).optional(),
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1).optional(),
  leewaySeconds: z.int().min(0).max(60).default(30),
  lifetimeSecondsMax: z.int().min(1).max(LIFETIME_SECONDS_MAX).optional(),
  jwks: z
    .union([z.strictObject({ uri: IssuerUrl }), z.strictObject({ keys: z.array(Jwk).min(1).max(KEYS_MAX) })])
    .optional(),
  required: z.record(z.string().min(1).max(500), z.string().max(2_000)).optional(),
});
export type IdentityProviderCommon = z.infer<typeof IdentityProviderCommon>;
