import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { systemClock } from '#core/clock.ts';
import { Decision } from '#api/decision.ts';
import { EventPage, EventQuery } from '#api/event.ts';
import { LeasePage, LeaseQuery, LeaseRevocation } from '#api/lease.ts';
import { SealedSecretList, SealedSecretUpdate } from '#api/sealed-secret.ts';
import { SessionRequest } from '#api/session.ts';
import { WhoamiRequest, WhoamiResult } from '#api/subject.ts';
import type { Answer, Asked } from './fake-exchange.ts';
import { showLease } from './fake-lease.ts';
import { FakeTokenEndpoint } from './fake-token-endpoint.ts';

/** One answer that the fake gives instead of its own, once. `drop` closes the connection without a word. */
export type Disturbance = { drop: true } | { status: number; body: string; headers?: Record<string, string> };

export const SESSION_TOKEN = `vgs_${'s'.repeat(43)}`;
export const ADMIN_LINK = `vgl_${'l'.repeat(43)}`;
const GITHUB_BEARER = 'github-runner-bearer';

/**
 * A server that speaks the wire contract and refuses what the contract refuses: forms, proofs, replays,
 * tokens, sessions, queries. It decides by a table, keeps everything in memory, and never sleeps.
 */
export class FakeVouchgate {
  readonly #endpoint = new FakeTokenEndpoint();
  readonly resources = this.#endpoint.resources;
  readonly leases = this.#endpoint.leases;
  readonly proofKeys = this.#endpoint.proofKeys;
  readonly requests: { method: string; path: string }[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly sealed = new Map<string, { value: string; rotateBy: string | undefined }>();
  readonly events: EventPage['events'] = [];
  decision: Decision | undefined;
  whoami: WhoamiResult | undefined;
  githubStatus = 200;
  tokensMinted = 0;
  readonly #server: Server;
  #url = '';

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        (answer) => {
          if (answer === undefined) return request.socket.destroy();
          const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
          response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
          return response.end(answer.status === 204 ? undefined : text);
        },
        (error: unknown) => {
          response.writeHead(599);
          response.end(String(error));
        },
      );
    });
  }

  get url(): string {
    return this.#url;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    this.#endpoint.url = this.#url;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The variables that GitHub's runner sets for a job with `id-token: write`. */
  githubEnvironment(): Record<string, string> {
    return {
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.#url}/github/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: GITHUB_BEARER,
    };
  }

  /** A token as a platform would sign it; the signature is as good as the fake's own checks. */
  mint(audience = this.#url): string {
    this.tokensMinted += 1;
    const seconds = Math.floor(systemClock.nowMs() / 1000);
    const claims = { iss: 'https://issuer.test', sub: 'repo:acme/shop', aud: audience, jti: randomUUID() };
    return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ ...claims, iat: seconds, exp: seconds + 300 })}.c2ln`;
  }

  async #answer(request: IncomingMessage): Promise<Answer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', this.#url);
    this.requests.push({ method: request.method ?? '', path: url.pathname });
    const disturbance = this.disturbances.shift();
    if (disturbance !== undefined && 'drop' in disturbance) return undefined;
    if (disturbance !== undefined) return disturbance;
    const asked: Asked = {
      url,
      body: Buffer.concat(chunks).toString('utf8'),
      headers: request.headers,
      raw: request.rawHeaders,
    };
    return this.#route(request.method ?? '', asked);
  }

  async #route(method: string, asked: Asked): Promise<Answer> {
    const { pathname } = asked.url;
    if (pathname === '/oauth2/token' && method === 'POST') return this.#endpoint.exchange(asked);
    if (pathname === '/github/token' && method === 'GET') return this.#mintForGitHub(asked);
    if (pathname === '/v1/whoami' && method === 'POST') return this.#identify(asked);
    if (pathname === '/v1/sessions' && method === 'POST') return this.#openSession(asked);
    const held = /^\/v1\/leases\/(lse_[^/]+)\/(renew|revoke)$/u.exec(pathname);
    if (held !== null && method === 'POST') return this.#changeLease(held[1] ?? '', held[2] ?? '', asked);
    if (asked.headers.authorization !== `Bearer ${SESSION_TOKEN}`) {
      return problem(401, 'authentication_required', 'this needs a session');
    }
    return this.#routeSession(method, asked);
  }

  #routeSession(method: string, { url, body }: Asked): Answer {
    const { pathname } = url;
    const query = Object.fromEntries(url.searchParams);
    if (method === 'DELETE' && pathname === '/v1/sessions/current') return { status: 204, body: '' };
    if (method === 'GET' && pathname === '/v1/leases') {
      const filter = LeaseQuery.parse(query);
      const leases = [...this.leases.values()].map((lease) => showLease(lease));
      const matching = leases.filter(
        ({ resource }) => filter.resource === undefined || resource === filter.resource,
      );
      return { status: 200, body: LeasePage.parse({ leases: matching.slice(0, filter.limit), next: null }) };
    }
    if (method === 'POST' && pathname === '/v1/leases/revoke') {
      const { filter } = LeaseRevocation.parse(JSON.parse(body));
      const matching = [...this.leases.values()].filter(
        (lease) => filter.all === true || lease.resource === filter.resource,
      );
      for (const lease of matching) lease.state = 'revoked';
      return { status: 200, body: { revoked: matching.length, pending: [] } };
    }
    const lease = this.leases.get(pathname.replace('/v1/leases/', ''));
    if (method === 'GET' && lease !== undefined) return { status: 200, body: showLease(lease) };
    if (method === 'GET' && pathname === '/v1/events') {
      const { after, before, limit, type } = EventQuery.parse(query);
      const events = this.events
        .filter(({ sequence }) => sequence > (after ?? -1) && sequence < (before ?? Number.MAX_SAFE_INTEGER))
        .filter((event) => type === undefined || type.includes(event.type))
        .toSorted((left, right) =>
          after === undefined ? right.sequence - left.sequence : left.sequence - right.sequence,
        )
        .slice(0, limit);
      return { status: 200, body: EventPage.parse({ events, next: null }) };
    }
    if (method === 'GET' && pathname === `/v1/decisions/${this.decision?.id}`) {
      return { status: 200, body: Decision.parse(this.decision) };
    }
    if (method === 'GET' && pathname === '/v1/sealed-secrets') {
      const secrets = [...this.sealed].map(([name, { rotateBy }]) => ({
        name,
        updatedAt: '2026-01-01T00:00:00.000Z',
        rotateBy: rotateBy === undefined ? null : `${rotateBy}T23:59:59.999Z`,
        overdue: rotateBy !== undefined && Date.parse(rotateBy) < systemClock.nowMs(),
      }));
      return { status: 200, body: SealedSecretList.parse({ secrets }) };
    }
    const name = /^\/v1\/sealed-secrets\/([^/]+)$/u.exec(pathname)?.[1];
    if (method === 'PUT' && name !== undefined) {
      const { value, rotateBy } = SealedSecretUpdate.parse(JSON.parse(body));
      this.sealed.set(decodeURIComponent(name), { value, rotateBy });
      return {
        status: 200,
        body: { name, rotateBy: rotateBy === undefined ? null : `${rotateBy}T23:59:59.999Z` },
      };
    }
    return problem(404, 'not_found', `there is no ${method} ${pathname}`);
  }

  #mintForGitHub({ url, headers }: Asked): Answer {
    if (this.githubStatus !== 200) return { status: this.githubStatus, body: {} };
    const isAsked =
      headers.authorization === `Bearer ${GITHUB_BEARER}` && url.searchParams.has('api-version');
    if (!isAsked) return { status: 400, body: {} };
    return { status: 200, body: { value: this.mint(url.searchParams.get('audience') ?? '') } };
  }

  #identify({ body }: Asked): Answer {
    WhoamiRequest.parse(JSON.parse(body));
    return { status: 200, body: WhoamiResult.parse(this.whoami) };
  }

  #openSession({ body }: Asked): Answer {
    const { link } = SessionRequest.parse(JSON.parse(body));
    if (link !== ADMIN_LINK) return problem(401, 'admin_link_invalid', 'the link is unknown or used');
    const expiresAt = new Date(systemClock.nowMs() + 3_600_000).toISOString();
    return { status: 201, body: { token: SESSION_TOKEN, expiresAt, subject: 'admin', role: 'owner' } };
  }

  #changeLease(id: string, verb: string, { headers }: Asked): Answer {
    const lease = this.leases.get(id);
    if (lease === undefined) return problem(404, 'lease_unknown', 'there is no such lease');
    const given = headers.authorization;
    if (given !== `Bearer ${lease.token}` && given !== `Bearer ${SESSION_TOKEN}`) {
      return problem(401, 'lease_token_invalid', 'this is not the token of the lease');
    }
    if (verb === 'revoke') lease.state = 'revoked';
    else if (lease.state !== 'active') return problem(409, 'lease_ended', 'the lease has ended');
    else {
      lease.renewals += 1;
      lease.expiresAtMs = systemClock.nowMs() + 900_000;
    }
    return { status: 200, body: showLease(lease) };
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function problem(status: number, code: string, detail: string): Answer {
  const body = {
    type: `urn:vouchgate:error:${code}`,
    title: code,
    status,
    detail,
    code,
    remedy: 'Ask again.',
  };
  return { status, body, headers: { 'content-type': 'application/problem+json' } };
}
