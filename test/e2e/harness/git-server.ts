import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';

const BODY_BYTES_MAX = 10_000_000;

function findBackend(): string | undefined {
  const { stdout } = spawnSync('git', ['--exec-path'], { encoding: 'utf8', timeout: 10_000 });
  const program = path.join((stdout ?? '').trim(), 'git-http-backend');
  return existsSync(program) ? program : undefined;
}

/** Undefined where git comes without it. */
export const httpBackend = findBackend();

export interface GitServer {
  readonly url: string;
  /** Of every request: method, path and whether it had the credential. */
  readonly requests: { readonly path: string; readonly authorised: boolean }[];
  close(): Promise<void>;
}

/** `git http-backend` (a CGI program) behind a server that wants a password. */
export async function startGitServer(folder: string, username: string, password: string): Promise<GitServer> {
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const requests: GitServer['requests'] = [];
  const server = createServer((request, response) => {
    const authorised = request.headers.authorization === wanted;
    requests.push({ path: request.url ?? '', authorised });
    if (authorised) void answer(folder, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [pathInfo = '', query = ''] = (request.url ?? '').split('?');
  const child = spawn(httpBackend ?? '', [], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: pathInfo,
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) child.kill('SIGKILL');
  });
  request.pipe(child.stdin.on('error', () => {}));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const output = Buffer.concat(chunks);
  const end = output.indexOf('\r\n\r\n');
  const head = output.subarray(0, end).toString('latin1').split('\r\n');
  const fields = head.map((line) => line.split(': ', 2) as [string, string]);
  const status = Number.parseInt(fields.find(([name]) => name === 'Status')?.[1] ?? '200', 10);
  for (const [name, value] of fields) if (name !== 'Status') response.setHeader(name, value);
  response.writeHead(status).end(output.subarray(end + 4));
}
