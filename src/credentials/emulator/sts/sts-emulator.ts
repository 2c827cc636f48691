import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { type Clock, systemClock } from '#core/clock.ts';
import { type Answer, type AnswerFormat, renderFault, renderSession } from './answer.ts';
import { assumeRoleWithWebIdentity } from './assume-role.ts';
import { StsEmulatorConfiguration } from './configuration.ts';
import { StsFault } from './fault.ts';
import type { StsSession } from './session.ts';

const BODY_BYTES_MAX = 65_536;
const REQUEST_TIMEOUT_MS = 10_000;
const SESSIONS_KEPT_MAX = 1_000;

export interface StsEmulator {
  /** What `AWS_ENDPOINT_URL_STS`, or `endpoint` of an `aws-sts` credential provider, is set to. */
  url: string;
  /** The newest sessions last; at most 1,000 are remembered. */
  sessions(): readonly StsSession[];
  close(): Promise<void>;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (request.method !== 'POST' || contentType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new StsFault('MalformedQueryString', 'Send a form by POST.');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed on the way out: the refusal still has to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      throw new StsFault('MalformedQueryString', `The body is longer than ${BODY_BYTES_MAX} bytes.`);
    }
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function formatFor(request: IncomingMessage): AnswerFormat {
  return request.headers.accept?.includes('application/json') === true ? 'json' : 'xml';
}

function send(response: ServerResponse, status: number, { contentType, body }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // What is left of a body that was too long is not read.
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(body);
}

/**
 * AWS STS as far as `AssumeRoleWithWebIdentity` goes, and as strict: signature, issuer, times and audience of the
 * token are checked, and the trust policy of the role is evaluated. Its credentials open nothing.
 *
 * @param options.fetch needed where a provider's keys are not given as they are.
 * @throws {z.ZodError} when the configuration is not a {@link StsEmulatorConfiguration}.
 */
export async function startStsEmulator(
  options: z.input<typeof StsEmulatorConfiguration> & { clock?: Clock; fetch?: BoundedFetch },
): Promise<StsEmulator> {
  const { clock = systemClock, fetch, ...rest } = options;
  const { host, port, providers, roles } = StsEmulatorConfiguration.parse(rest);
  const opened: StsSession[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const format = formatFor(request);
    try {
      const session = await assumeRoleWithWebIdentity(await readForm(request), {
        providers,
        roles,
        fetch,
        clock,
      });
      opened.push(session);
      if (opened.length > SESSIONS_KEPT_MAX) opened.shift();
      send(response, 200, renderSession(session, format));
    } catch (error) {
      const fault =
        error instanceof StsFault ? error : new StsFault('InternalFailure', 'Unexpected.', { cause: error });
      send(response, fault.status, renderFault(fault, format));
    }
  };

  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: 16_384 },
    (request, response) => {
      void answer(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    sessions: () => opened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
