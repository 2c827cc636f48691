import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Unpacked. */
  readonly body: string;
  readonly bytes: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a receiver does with one request in place of its own answer; `lost`: it takes it, and the answer gets lost. */
export type Disturbance = FakeAnswer | 'reset' | 'lost' | 'slow';

const SLOW_MS = 150;

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A receiver on loopback that answers as its kind does, and can be disturbed. */
export class FakeReceiver {
  readonly requests: FakeRequest[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly #server: Server;
  #url = '';

  constructor(handle: (request: FakeRequest) => FakeAnswer) {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response, handle).catch(() => request.socket.destroy());
    });
  }

  get url(): string {
    return this.#url;
  }

  get host(): string {
    return new URL(this.#url).host;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
    this.#url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    handle: (request: FakeRequest) => FakeAnswer,
  ): Promise<void> {
    const disturbance = this.disturbances.shift();
    if (disturbance === 'reset') {
      request.once('data', () => request.socket.resetAndDestroy());
      request.socket.resume();
      return;
    }
    const bytes = await readBytes(request);
    const url = new URL(request.url ?? '/', this.#url);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const seen: FakeRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: plain.toString('utf8'),
      bytes,
    };
    this.requests.push(seen);
    if (disturbance === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const answer = typeof disturbance === 'object' ? disturbance : handle(seen);
    if (disturbance === 'lost') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body ?? '');
  }
}
