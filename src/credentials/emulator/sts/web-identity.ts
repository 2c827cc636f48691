import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { StsProvider } from './configuration.ts';
import { StsFault } from './fault.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const LEEWAY_SECONDS = 5;
const FETCH_TIMEOUT_MS = 5_000;
const FETCH_BYTES_MAX = 262_144;

/** A tag value is a list of one, as IAM wants it. */
const PrincipalTags = z.record(
  z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u),
  z.tuple([z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u)]),
);

const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(2).max(255),
  iat: z.number(),
  exp: z.number(),
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]),
  azp: z.string().optional(),
  amr: z.union([z.string().transform((value) => [value]), z.array(z.string())]).optional(),
  'https://aws.amazon.com/tags': z
    .strictObject({
      principal_tags: PrincipalTags,
      transitive_tag_keys: z.array(z.string()).max(50).optional(),
    })
    .refine(({ principal_tags }) => Object.keys(principal_tags).length <= 50)
    .refine(({ principal_tags, transitive_tag_keys = [] }) =>
      transitive_tag_keys.every((key) => Object.hasOwn(principal_tags, key)),
    )
    .optional(),
  'https://aws.amazon.com/source_identity': z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .optional(),
});

/** What STS knows of a caller after it has checked the token. */
export interface WebIdentity {
  issuer: string;
  subject: string;
  /** `azp` where the token has it, else `aud`: as the condition key `:aud` has it. */
  audience: string;
  amr: readonly string[] | undefined;
  tags: Readonly<Record<string, string>>;
  transitiveTagKeys: readonly string[];
  sourceIdentity: string | undefined;
}

export interface WebIdentityContext {
  providers: readonly StsProvider[];
  fetch: BoundedFetch | undefined;
  clock: Clock;
}

function invalid(message: string, cause?: unknown): StsFault {
  return new StsFault('InvalidIdentityToken', message, cause === undefined ? {} : { cause });
}

async function fetchJson(fetch: BoundedFetch, url: string): Promise<unknown> {
  let response;
  try {
    response = await fetch(url, { bodyBytesMax: FETCH_BYTES_MAX, timeoutMs: FETCH_TIMEOUT_MS });
  } catch (cause) {
    throw new StsFault('IDPCommunicationError', 'The identity provider could not be reached.', { cause });
  }
  try {
    if (response.status === 200) return JSON.parse(response.body);
  } catch (cause) {
    throw invalid('What the identity provider answered is not JSON.', cause);
  }
  throw invalid(`The identity provider answered with status ${response.status}.`);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return Array.isArray(memberOf(value, 'keys'));
}

/** Fetched with every call: a key that was taken back must not be accepted by an emulator's cache. */
async function keysOf(provider: StsProvider, fetch: BoundedFetch | undefined): Promise<JSONWebKeySet> {
  if (provider.jwks !== undefined) return provider.jwks;
  if (fetch === undefined) throw invalid('The keys of the identity provider are not known.');
  let url: unknown = provider.jwksUrl;
  if (url === undefined) {
    const document = await fetchJson(fetch, `${provider.issuer}/.well-known/openid-configuration`);
    if (memberOf(document, 'issuer') !== provider.issuer)
      throw invalid('The discovery document names another issuer.');
    url = memberOf(document, 'jwks_uri');
  }
  const keys = typeof url === 'string' ? await fetchJson(fetch, url) : undefined;
  if (!isKeySet(keys)) throw invalid("Couldn't retrieve verification key from your identity provider.");
  return keys;
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw invalid('The ID token is not a JWT.', cause);
  }
}

async function verifySignature(
  token: string,
  keys: JSONWebKeySet,
  issuer: string,
  clock: Clock,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: ALGORITHMS,
      issuer,
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(clock.nowMs()),
    });
    return payload;
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) {
      throw new StsFault('ExpiredTokenException', 'Token expired.', { cause });
    }
    throw invalid('The ID token could not be verified.', cause);
  }
}

/** @throws {StsFault} as AWS answers. */
export async function verifyWebIdentity(token: string, context: WebIdentityContext): Promise<WebIdentity> {
  const { providers, fetch, clock } = context;
  const issuer = issuerOf(token);
  const provider = providers.find((candidate) => candidate.issuer === issuer);
  if (provider === undefined)
    throw invalid('No OpenIDConnect provider found in your account for this issuer.');
  const keys = await keysOf(provider, fetch);
  const { data: claims, error } = Claims.safeParse(
    await verifySignature(token, keys, provider.issuer, clock),
  );
  if (claims === undefined) {
    const where = error.issues.map(({ path }) => path.join('.')).join(', ');
    throw invalid(`The ID token has claims that are missing or malformed: ${where}.`);
  }
  if (claims.iat * 1000 > clock.nowMs() + LEEWAY_SECONDS * 1000)
    throw invalid('The ID token was issued in the future.');
  const audience = claims.azp ?? claims.aud;
  if (!provider.audiences.includes(audience)) throw invalid('Incorrect token audience');
  const tags = claims['https://aws.amazon.com/tags'];
  const principalTags = Object.entries(tags?.principal_tags ?? {}).map(([key, [value]]) => [key, value]);
  return {
    issuer: provider.issuer,
    subject: claims.sub,
    audience,
    amr: claims.amr,
    tags: Object.fromEntries(principalTags),
    transitiveTagKeys: tags?.transitive_tag_keys ?? [],
    sourceIdentity: claims['https://aws.amazon.com/source_identity'],
  };
}
