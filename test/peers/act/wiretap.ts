import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

const BODY_BYTES_MAX = 1_048_576;

/** Stands between the jobs and Vouchgate, and remembers every secret that passes in either direction. */
export interface Wiretap {
  secrets(): ReadonlySet<string>;
  close(): Promise<void>;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('a longer message than any of ours');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a credential is made of; accounts and places may be read by anyone. */
function secretValues(accessToken: string): string[] {
  const values: unknown = accessToken.startsWith('{') ? JSON.parse(accessToken) : { value: accessToken };
  const isSecret = ([name]: [string, unknown]) => /password|secret|token|url|uri|value/iu.test(name);
  return Object.entries(values ?? {})
    .filter(isSecret)
    .map(([, value]) => String(value));
}

function secretsOf(sent: Buffer, answered: Buffer): string[] {
  const token = new URLSearchParams(sent.toString('utf8')).get('subject_token');
  const found = token === null ? [] : [token];
  try {
    const answer = JSON.parse(answered.toString('utf8')) as {
      access_token?: string;
      lease?: { token?: string };
    };
    if (answer.access_token !== undefined)
      found.push(answer.access_token, ...secretValues(answer.access_token));
    if (answer.lease?.token !== undefined) found.push(answer.lease.token);
  } catch {
    // No JSON: there is nothing of ours in it.
  }
  return found;
}

/** Listens on `port` of loopback, where the jobs think the server is. */
export async function tapWire(port: number, server: string): Promise<Wiretap> {
  const seen = new Set<string>();
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const sent = await readAll(incoming);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method, headers } = incoming;
      const onward = request(new URL(incoming.url ?? '/', server), { method, headers }, resolve);
      onward.once('error', reject);
      onward.end(sent);
    });
    const body = await readAll(answer);
    for (const secret of secretsOf(sent, body)) seen.add(secret);
    const bearer = /^Bearer (\S+)$/u.exec(incoming.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) seen.add(bearer);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
  };
  const tap = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    tap.once('error', reject);
    tap.listen(port, '127.0.0.1', resolve);
  });
  return {
    secrets: () => seen,
    close: () =>
      new Promise((resolve) => {
        tap.close(() => resolve());
        tap.closeAllConnections();
      }),
  };
}
