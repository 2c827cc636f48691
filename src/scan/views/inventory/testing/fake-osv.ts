import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Query {
  readonly package?: { readonly ecosystem?: unknown; readonly name?: unknown };
  readonly page_token?: unknown;
}

/**
 * Answers as OSV’s service does, and refuses what it refuses: another path, a body that is no JSON, more than 1,000
 * queries, a query without a package, a version next to nothing, a page token that it did not hand out.
 */
export class FakeOsv {
  /** Advisories by `ecosystem name`; names are compared exactly, as the service does. */
  readonly advisories = new Map<string, readonly { readonly id: string }[]>();
  readonly asked: string[] = [];
  readonly batches: number[] = [];
  /** Answers for the next requests, whatever they ask for. */
  readonly first: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  /** Ids that a page holds; the rest comes with a token. */
  pageSize = 1_000;
  readonly #tokens = new Map<string, number>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#answer(request, Buffer.concat(chunks).toString('utf8'), response));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get host(): string {
    const address = this.#server.address() as AddressInfo;
    return `127.0.0.1:${address.port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ method = '', url = '', headers }: IncomingMessage, body: string, response: ServerResponse): void {
    const send = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    this.asked.push(`${method} ${url}`);
    const planned = this.first.shift();
    if (planned !== undefined) {
      response.writeHead(planned.status, planned.headers);
      response.end(planned.body ?? '{}');
      return;
    }
    if (method === 'POST' && url === '/v1/querybatch' && headers['content-type'] === 'application/json')
      return this.#list(body, send);
    const [, id] = /^\/v1\/vulns\/([^/?]+)$/.exec(url) ?? [];
    const found = [...this.advisories.values()].flat().find((each) => each.id === id);
    if (method !== 'GET' || id === undefined) return send(404, { code: 5, message: 'Not Found' });
    send(found === undefined ? 404 : 200, found ?? { code: 5, message: 'Bug not found.' });
  }

  #list(body: string, send: (status: number, value: unknown) => void): void {
    const queries = (JSON.parse(body) as { queries?: Query[] }).queries ?? [];
    this.batches.push(queries.length);
    if (queries.length === 0 || queries.length > 1_000) return send(400, { message: 'Too many queries.' });
    const results = queries.map((query) => this.#page(query));
    if (results.includes(undefined)) return send(400, { message: 'Invalid query.' });
    send(200, { results });
  }

  #page({ package: about, page_token: token }: Query): object | undefined {
    if (typeof about?.ecosystem !== 'string' || typeof about.name !== 'string') return undefined;
    const known = typeof token === 'string' ? this.#tokens.get(token) : 0;
    if (known === undefined) return undefined;
    const all = this.advisories.get(`${about.ecosystem} ${about.name}`) ?? [];
    const page = all.slice(known, known + this.pageSize);
    if (page.length === 0) return {};
    const next = known + page.length;
    const vulns = page.map(({ id }) => ({ id, modified: '2026-01-01T00:00:00Z' }));
    if (next >= all.length) return { vulns };
    const handed = `${about.name} ${next}`;
    this.#tokens.set(handed, next);
    return { vulns, next_page_token: handed };
  }
}
