import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, nowSeconds } from '#core/clock.ts';
import { originOf } from '../development-issuer.ts';
import { createDevelopmentKeys } from '../development-keys.ts';
import { authorizationPage } from './authorization-page.ts';
import { type AuthorizationRequest, createCodes, readAuthorizationRequest } from './codes.ts';
import { readTokenRequest } from './token-request.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const FORM_BYTES_MAX = 16_384;
const TOKEN_SECONDS = 300;

export interface DevelopmentPerson {
  readonly subject: string;
  readonly name: string;
  readonly email?: string;
  readonly groups: readonly string[];
}

export interface DevelopmentClient {
  readonly clientId: string;
  /** Left out for a public client. */
  readonly clientSecret?: string;
  /** Compared exactly (RFC 9700 §2.1). */
  readonly redirectUris: readonly string[];
}

export interface PeopleProviderOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host?: string;
  readonly clock: Clock;
  readonly client: DevelopmentClient;
  readonly people: readonly DevelopmentPerson[];
  /** Where groups are told; some providers have them in one place only. Default: in both. */
  readonly groupsIn?: 'id-token' | 'userinfo';
  /** Changes what is signed, for tokens that are wrong on purpose. */
  readonly tamper?: (claims: Readonly<Record<string, unknown>>) => object;
}

export interface PeopleProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: object | string;
  location?: string;
}

/**
 * An OpenID provider for people, on loopback, as strict as a good one: PKCE with S256, exact redirect URIs, codes
 * that work once. Whoever reaches it can be anybody. Throws TypeError for another host, and what `listen` throws.
 */
export async function startPeopleProvider(options: PeopleProviderOptions): Promise<PeopleProvider> {
  const { host = '127.0.0.1' } = options;
  if (!LOOPBACK.has(host))
    throw new TypeError(`The people provider listens on loopback only, not on ${host}.`);
  const server = createServer((request, response) => void respond(request, response));
  const keys = createDevelopmentKeys();
  const codes = createCodes(options.clock);
  const accessTokens = new Map<string, DevelopmentPerson>();
  let issuer = '';

  const idToken = (person: DevelopmentPerson, request: AuthorizationRequest): string => {
    const issuedAt = nowSeconds(options.clock);
    const { groups, ...profile } = profileOf(person);
    const claims = {
      iss: issuer,
      aud: request.clientId,
      iat: issuedAt,
      exp: issuedAt + TOKEN_SECONDS,
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
      ...profile,
      ...(options.groupsIn === 'userinfo' ? {} : { groups }),
    };
    return keys.sign(options.tamper?.(claims) ?? claims, 'RS256');
  };

  const authorize = async (url: URL, request: IncomingMessage): Promise<Answer> => {
    const read = readAuthorizationRequest(url.searchParams, options.client);
    // Never sent anywhere by a redirect that was not registered.
    if (!read.ok) return { status: 400, body: { error: read.error } };
    if (request.method === 'GET') {
      return { status: 200, body: authorizationPage(options.people, url.pathname + url.search) };
    }
    const form = new URLSearchParams(await readForm(request));
    const person = options.people.find(({ subject }) => subject === form.get('subject'));
    const answer = new URL(read.request.redirectUri);
    if (person === undefined) answer.searchParams.set('error', 'access_denied');
    else answer.searchParams.set('code', codes.issue(person, read.request));
    if (read.request.state !== undefined) answer.searchParams.set('state', read.request.state);
    answer.searchParams.set('iss', issuer);
    return { status: 303, body: {}, location: answer.href };
  };

  const exchange = async (request: IncomingMessage): Promise<Answer> => {
    const form = new URLSearchParams(await readForm(request));
    const read = readTokenRequest(form, request.headers.authorization, options.client);
    if (!read.ok) return { status: read.error === 'invalid_client' ? 401 : 400, body: { error: read.error } };
    const grant = codes.redeem(read.request);
    if (grant === undefined) return { status: 400, body: { error: 'invalid_grant' } };
    const accessToken = randomBytes(32).toString('base64url');
    accessTokens.set(accessToken, grant.person);
    return {
      status: 200,
      body: {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
        id_token: idToken(grant.person, grant.request),
      },
    };
  };

  const userInfo = (authorization: string | undefined): Answer => {
    const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const person = accessTokens.get(token);
    if (person === undefined) return { status: 401, body: { error: 'invalid_token' } };
    const { groups, ...profile } = profileOf(person);
    return { status: 200, body: options.groupsIn === 'id-token' ? profile : { ...profile, groups } };
  };

  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://loopback.invalid');
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return { status: 200, body: describe(issuer, options.client) };
      case 'GET /jwks':
        return { status: 200, body: keys.jwks() };
      case 'GET /authorize':
      case 'POST /authorize':
        return authorize(url, request);
      case 'POST /token':
        return exchange(request);
      case 'GET /userinfo':
        return userInfo(request.headers.authorization);
      default:
        return { status: 404, body: { error: 'not_found' } };
    }
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let answer: Answer;
    try {
      answer = await answerTo(request);
    } catch {
      answer = { status: 400, body: { error: 'invalid_request' } };
    }
    send(response, answer);
  };

  server.listen(options.port, host);
  await once(server, 'listening');
  issuer = originOf(server.address());
  return {
    issuer,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function profileOf({ subject, name, email, groups }: DevelopmentPerson) {
  return { sub: subject, name, ...(email === undefined ? {} : { email }), groups };
}

function describe(issuer: string, { clientSecret }: DevelopmentClient): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups'],
    token_endpoint_auth_methods_supported:
      clientSecret === undefined ? ['none'] : ['client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > FORM_BYTES_MAX) throw new RangeError('the form is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body, location }: Answer): void {
  const isPage = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    ...(isPage ? { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" } : {}),
    ...(location === undefined ? {} : { location }),
  });
  response.end(isPage ? body : JSON.stringify(body));
}
