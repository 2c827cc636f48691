import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '#core/clock.ts';
import { createDevelopmentKeys, type DevelopmentAlgorithm } from './development-keys.ts';
import {
  githubActionsClaims,
  gitlabCiClaims,
  stampGithubActions,
  type TokenClaims,
} from './platform-claims.ts';

export { githubActionsClaims, gitlabCiClaims };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const JOBS_MAX = 1_000;
const AUDIENCE_CHARS_MAX = 1_000;

export interface DevelopmentIssuerOptions {
  /** 0 picks a free one. */
  port: number;
  host?: string;
  clock: Clock;
}

export interface DevelopmentJob {
  platform: 'github-actions';
  /** What {@link githubActionsClaims} gives; times, `jti`, `aud` and `iss` are set anew for each token. */
  claims: TokenClaims;
}

/** An OIDC issuer for demos, development and tests, with GitHub's endpoint for requesting a job's token. */
export interface DevelopmentIssuer {
  /** `iss` of its tokens. */
  issuer: string;
  /** Where it listens; the same as `issuer`. */
  url: string;
  /** Signs claims as they are; `iss` is added where it is missing, a claim of undefined is left out. */
  issueToken(claims: TokenClaims, options?: { algorithm?: DevelopmentAlgorithm }): string;
  /** For ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN of a job. */
  registerJob(job: DevelopmentJob): { requestUrl: string; requestToken: string };
  /** New keys sign from now on; the former stay published, as platforms do it. */
  rotateKey(): void;
  close(): Promise<void>;
}

type Answer = { status: number; body: object };

/**
 * Starts the issuer. On loopback only: whoever reaches it can be any job. Throws TypeError for another host, and
 * what `listen` throws.
 */
export async function startDevelopmentIssuer(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
  const { port, host = '127.0.0.1', clock } = options;
  if (!LOOPBACK.has(host))
    throw new TypeError(`The development issuer listens on loopback only, not on ${host}.`);
  const keys = createDevelopmentKeys();
  const jobs = new Map<string, DevelopmentJob>();
  let issuer = '';

  const issueToken: DevelopmentIssuer['issueToken'] = (claims, { algorithm = 'RS256' } = {}) =>
    keys.sign({ iss: issuer, ...claims }, algorithm);
  const answer = (request: IncomingMessage): Answer => {
    const url = new URL(request.url ?? '/', 'http://loopback.invalid');
    if (request.method !== 'GET') return { status: 405, body: { message: 'Only GET.' } };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: describeIssuer(issuer) };
      case '/.well-known/jwks':
        return { status: 200, body: keys.jwks() };
      case '/token':
        return answerTokenRequest(url, request.headers.authorization);
      default:
        return { status: 404, body: { message: 'Not found.' } };
    }
  };
  const answerTokenRequest = (url: URL, authorization: string | undefined): Answer => {
    const requestToken = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const job = requestToken === undefined ? undefined : jobs.get(keyOf(requestToken));
    if (job === undefined) return { status: 401, body: { message: 'Unknown request token.' } };
    const aud =
      url.searchParams.get('audience') ?? `https://github.com/${String(job.claims.repository_owner)}`;
    if (aud === '' || aud.length > AUDIENCE_CHARS_MAX)
      return { status: 400, body: { message: 'Bad audience.' } };
    const value = issueToken({ ...job.claims, ...stampGithubActions(clock), iss: issuer, aud });
    return { status: 200, body: { count: value.length, value } };
  };

  const server = createServer((request, response) => send(response, answer(request)));
  server.listen(port, host);
  await once(server, 'listening');
  issuer = originOf(server.address());
  return {
    issuer,
    url: issuer,
    issueToken,
    rotateKey: () => keys.rotate(),
    registerJob(job) {
      const requestToken = randomBytes(32).toString('base64url');
      const oldest = jobs.keys().next();
      if (jobs.size >= JOBS_MAX && !oldest.done) jobs.delete(oldest.value);
      jobs.set(keyOf(requestToken), job);
      // GitHub's URL has a query already, and its toolkit appends `&audience=`.
      return { requestUrl: `${issuer}/token?api-version=2.0`, requestToken };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Looked up by digest, so that the time it takes says nothing about the token. */
function keyOf(requestToken: string): string {
  return hash('sha256', requestToken, 'base64url');
}

/** Where a server listens, as the beginning of URLs. @throws {TypeError} for one without a port */
export function originOf(address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function describeIssuer(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'max-age=300' });
  response.end(JSON.stringify(body));
}
