import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf } from '#core/errors.ts';
import type { Clock } from '#core/clock.ts';
import type { Issued } from '../client/exchange-answer.ts';
import { toAwsCredential } from './aws-fields.ts';

const PATH = '/credentials';
/** SDKs ask again from 15 minutes before the end on, and each new process once: at most two new ones in a lifetime. */
const REFRESH_AT = 1 / 2;
/** A refusal to issue again must not become one request to the server for each request of the SDK. */
const RETRY_PAUSE_MS = 10_000;

export interface AwsCredentialsEndpoint {
  /** What tells the SDKs where to ask. */
  environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface AwsCredentialsEndpointOptions {
  first: Issued;
  issuedAtMs: number;
  /** Issues the same again with a fresh token of the platform. */
  reissue: () => Promise<Issued>;
  clock: Clock;
  say: (line: string) => void;
}

/**
 * The container-credentials endpoint of the AWS SDKs on loopback, so that a job may run longer than one
 * credential lives. Whoever asks must know the token: other users of the machine can reach the port, too.
 */
export async function startAwsCredentialsEndpoint(
  options: AwsCredentialsEndpointOptions,
): Promise<AwsCredentialsEndpoint> {
  const token = randomBytes(32).toString('base64url');
  const current = createRefresher(options);
  const server = createServer((request, response) => {
    if (!isAuthorised(request, token)) return answer(response, 401, { message: 'wrong authorization token' });
    if (request.method !== 'GET' || request.url !== PATH)
      return answer(response, 404, { message: 'not found' });
    void current().then(
      (issued) => answer(response, 200, toContainerCredentials(issued)),
      () => answer(response, 500, { message: 'no credential' }),
    );
  });
  server.requestTimeout = 5_000;
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}${PATH}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The credential in force: the last one, until half of its life is left; then a new one, asked for once. */
function createRefresher({ first, issuedAtMs, reissue, clock, say }: AwsCredentialsEndpointOptions) {
  let issued = first;
  let sinceMs = issuedAtMs;
  let quietUntilMs = 0;
  let pending: Promise<Issued> | undefined;

  const refresh = async (): Promise<Issued> => {
    try {
      issued = await reissue();
      sinceMs = clock.nowMs();
    } catch (error) {
      say(`${first.resource}: not issued again: ${messageOf(error)}`);
      quietUntilMs = clock.nowMs() + RETRY_PAUSE_MS;
    } finally {
      pending = undefined;
    }
    return issued;
  };

  return async (): Promise<Issued> => {
    const leftMs = issued.expiresAtMs - clock.nowMs();
    const isDue = leftMs < (issued.expiresAtMs - sinceMs) * REFRESH_AT;
    if (!isDue || clock.nowMs() < quietUntilMs) return issued;
    pending ??= refresh();
    return pending;
  };
}

function isAuthorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function toContainerCredentials(issued: Issued): object {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = toAwsCredential(issued);
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration,
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
