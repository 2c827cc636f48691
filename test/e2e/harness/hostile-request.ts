import type { Route } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';
import type { Random } from './random.ts';
import { newHolderKey } from './job.ts';

export interface HostileRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
  /** What it is an instance of, for the count at the end. */
  kind: string;
}

/** What the attacker knows. */
export interface Loot {
  /** Fresh token with these claims, signed as the platform signs. */
  issueToken(claims: Record<string, unknown>): string;
  url: string;
  /** Tokens that were seen already, to be used again and to be damaged. */
  tokens: string[];
  /** Lease tokens, session tokens and the like, for the wrong places. */
  secrets: [string, ...string[]];
  leaseIds: [string, ...string[]];
  session: string;
}

const CLAIM_NAMES: readonly [string, ...string[]] = [
  'iss',
  'aud',
  '__proto__',
  'x5c',
  'cnf',
  ...Object.keys(githubActionsClaims()),
];
const HEADERS: readonly [object, ...object[]] = [
  { alg: 'none' },
  { alg: 'HS256', typ: 'JWT' },
  { alg: 'RS256', crit: ['exp'] },
  { alg: 'RS256', kid: '../../../../etc/passwd' },
  { alg: 'RS256', kid: 'x'.repeat(5_000) },
  { alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } },
  { alg: 'RS256', jku: 'http://127.0.0.1:1/keys' },
  { alg: 'RS256', b64: false, crit: ['b64'] },
  { alg: ['RS256'] },
  {},
];
const ROUTES = Object.values<Route>(routes).filter(({ path }) => path !== '/v1/sessions/current') as [
  Route,
  ...Route[],
];
const FORM = 'application/x-www-form-urlencoded';

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value) ?? 'null').toString('base64url');
}

function anyOf(random: Random, items: readonly string[]): string {
  return items[random.below(items.length)] ?? '';
}

/** A subject token: good, used, damaged, forged, or signed and odd. */
function hostileToken(random: Random, loot: Loot): string {
  const used = anyOf(random, loot.tokens);
  switch (random.below(8)) {
    case 0:
      return loot.issueToken({ [random.pick(CLAIM_NAMES)]: random.json() });
    case 1:
      return used;
    case 2: {
      const [, payload = '', signature = ''] = used.split('.');
      return `${encode(random.pick(HEADERS))}.${payload}.${signature}`;
    }
    case 3: {
      const [header = '', , signature = ''] = used.split('.');
      return `${header}.${encode({ ...githubActionsClaims(), aud: loot.url, [random.pick(CLAIM_NAMES)]: random.json() })}.${signature}`;
    }
    case 4:
      return random.bytes(400).toString('latin1');
    case 5:
      return random.pick(loot.secrets);
    case 6:
      return `${encode(random.json())}.${encode(random.json())}.${encode(random.json())}`;
    default:
      return random.mutate(used);
  }
}

function hostileForm(random: Random, loot: Loot): string {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: hostileToken(random, loot).toWellFormed(),
    audience: random.chance(0.7)
      ? 'partner-api'
      : random.mutate(random.pick(['partner-api', ...loot.secrets])),
  });
  if (random.chance(0.2)) form.set('requested_expires_in', String(random.json(0)).toWellFormed());
  if (random.chance(0.1))
    form.append(random.pick(['audience', 'subject_token', 'scope', 'actor_token']), 'x');
  if (random.chance(0.1)) form.delete(random.pick(['grant_type', 'subject_token', 'audience']));
  const text = form.toString();
  return random.chance(0.15) ? random.mutate(text) : text;
}

function exchangeRequest(random: Random, loot: Loot): HostileRequest {
  const headers: Record<string, string> = { 'content-type': FORM };
  if (random.chance(0.2)) {
    const proof = newHolderKey().proofFor('POST', `${loot.url}/oauth2/token`);
    headers['dpop'] = random.chance(0.5) ? proof : printableOf(random.mutate(proof));
  }
  if (random.chance(0.05)) headers['content-type'] = printableOf(random.mutate(FORM));
  const body = random.chance(0.05) ? random.bytes(2_000) : hostileForm(random, loot);
  return { method: 'POST', path: '/oauth2/token', headers, body, kind: 'exchange' };
}

/** Clients refuse to send other characters in a header; raw sockets send them all the same. */
function printableOf(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, '?');
}

function pathOf(random: Random, route: Route, loot: Loot): string {
  const path = route.path.replaceAll(/\{\w+\}/gu, () =>
    encodeURIComponent(
      random.chance(0.5)
        ? random.pick(loot.leaseIds)
        : random.mutate(random.pick(loot.leaseIds)).toWellFormed(),
    ),
  );
  const query = new URLSearchParams({
    [random.pick(['limit', 'state', 'before', 'after', 'resource', 'x'])]: String(
      random.json(0),
    ).toWellFormed(),
  });
  const full = random.chance(0.5) ? path : `${path}?${query.toString()}`;
  return random.chance(0.1) ? `/${encodeURI(random.mutate(full).toWellFormed()).replace(/^\/+/u, '')}` : full;
}

function apiRequest(random: Random, loot: Loot): HostileRequest {
  const route = random.pick(ROUTES);
  const method = random.chance(0.9)
    ? route.method
    : random.pick(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
  const bearer = random.pick([loot.session, loot.session, ...loot.secrets]);
  const headers: Record<string, string> = {
    authorization: printableOf(random.chance(0.9) ? `Bearer ${bearer}` : random.mutate(`Bearer ${bearer}`)),
  };
  const hasBody = method !== 'GET' && random.chance(0.9);
  if (hasBody) headers['content-type'] = random.chance(0.95) ? 'application/json' : FORM;
  const body = hasBody ? bodyOf(random, route, loot) : undefined;
  return { method, path: pathOf(random, route, loot), headers, body, kind: 'api' };
}

function bodyOf(random: Random, route: Route, loot: Loot): string | Buffer {
  const given: Record<string, unknown> = {
    token: hostileToken(random, loot),
    link: random.mutate(random.pick(loot.secrets)),
    value: random.pick(loot.secrets),
    resource: random.pick(['partner-api', ...loot.secrets]),
    filter: random.chance(0.2) ? { all: true } : random.json(),
    rotateBy: random.pick(['2027-01-01', 'x', '2027-02-30']),
    identity: random.json(),
  };
  if (route.path === '/v1/sessions') return JSON.stringify({ link: given['link'] });
  const names = Object.keys(given).filter(() => random.chance(0.5));
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, given[name]])));
  if (random.chance(0.05)) return random.bytes(500);
  return random.chance(0.1) ? random.mutate(text) : text;
}

/** Bytes as no client would send them, for a bare socket. */
export function rawBytes(random: Random, loot: Loot): Buffer {
  const token = hostileToken(random, loot);
  const head = `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: ${random.pick([0, 5, 70_000, -1])}\r\n`;
  const text = random.pick([
    `${head}\r\nsubject_token=${token}`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `${head}DPoP: ${token}\r\nDPoP: ${token}\r\n\r\n`,
    `GET /${token} HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(random.below(40_000))}\r\n\r\n`,
    `${head}Authorization: Bearer ${random.pick(loot.secrets)}\r\n\r\n`,
  ]);
  return random.chance(0.3) ? random.bytes(600) : Buffer.from(random.mutate(text), 'latin1');
}

export function hostileRequest(random: Random, loot: Loot): HostileRequest {
  return random.chance(0.65) ? exchangeRequest(random, loot) : apiRequest(random, loot);
}
