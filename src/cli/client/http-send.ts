import { readFileSync } from 'node:fs';
import type { Agent, IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import { messageOf } from '#core/errors.ts';
import { ClientError } from './client-error.ts';
import { isLoopbackHost } from './server-url.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** For the whole exchange: connect, headers and body. */
  timeoutMs: number;
  /** More than this is `server_answer_too_large`. */
  bodyBytesMax: number;
  /** How the body becomes text; `latin1` keeps every byte. Default `utf8`. */
  bodyEncoding?: 'utf8' | 'latin1';
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

/**
 * Sends one request; any status is an answer, only the absence of one is an error. Redirects are not
 * followed: nothing that we talk to has a reason to send a token elsewhere.
 */
export type HttpSend = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpSendOptions {
  /** Looked at for HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in both spellings. */
  env: Readonly<Record<string, string | undefined>>;
  /** PEM file trusted beside the default certificates; `NODE_EXTRA_CA_CERTS` works by itself. */
  caFile?: string | undefined;
}

const PROXY_NAMES = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
] as const;
const CERTIFICATE_CODES =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT)/u;

function proxyVariables(env: HttpSendOptions['env']): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of PROXY_NAMES) {
    const value = env[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return Object.keys(found).some((name) => /^https?_proxy$/iu.test(name)) ? found : undefined;
}

function assertProxySupport(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 5)) return;
  throw new ClientError('proxy_unsupported', `Node ${process.version} cannot go through a proxy by itself`, {
    remedy: 'Use Node 24.5 or newer, or add the server to NO_PROXY.',
  });
}

function readCertificates(caFile: string): string {
  try {
    const pem = readFileSync(caFile, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (cause) {
    throw new ClientError('ca_file_unreadable', `cannot read the CA file: ${messageOf(cause)}`, {
      remedy: 'Give --ca-file (or VOUCHGATE_CA_FILE) a readable PEM file.',
      location: caFile,
      cause,
    });
  }
  throw new ClientError('ca_file_unreadable', 'the CA file holds no PEM certificate', {
    remedy: 'Give a file with "-----BEGIN CERTIFICATE-----" blocks.',
    location: caFile,
  });
}

interface Connector {
  request: typeof request;
  agent: Agent;
}

/**
 * How to reach one kind of server. The modules are loaded here, for TLS alone doubles the start of a program
 * that may end without a request.
 */
async function createConnector(
  { env, caFile }: HttpSendOptions,
  isSecure: boolean,
  isLoopback: boolean,
): Promise<Connector> {
  // A proxy has nothing to do with this machine, and would see the token in clear.
  const proxyEnv = isLoopback ? undefined : proxyVariables(env);
  if (proxyEnv !== undefined) assertProxySupport();
  const common = { ...(proxyEnv === undefined ? {} : { proxyEnv }), keepAlive: true };
  if (!isSecure) {
    const http = await import('node:http');
    return { request: http.request, agent: new http.Agent(common) };
  }
  const https = await import('node:https');
  // `ca` replaces the default list, so that list has to be repeated.
  const ca =
    caFile === undefined
      ? {}
      : { ca: [...(await import('node:tls')).getCACertificates('default'), readCertificates(caFile)] };
  // Explicit: NODE_TLS_REJECT_UNAUTHORIZED=0, set for some other tool, must not open our own connection.
  return { request: https.request, agent: new https.Agent({ ...common, ...ca, rejectUnauthorized: true }) };
}

function toClientError(cause: unknown, url: URL): ClientError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const location = `${url.origin}${url.pathname}`;
  if (CERTIFICATE_CODES.test(code)) {
    return new ClientError(
      'server_certificate_untrusted',
      `the certificate of ${url.host} is not trusted: ${code}`,
      {
        remedy: 'Name your CA with --ca-file or NODE_EXTRA_CA_CERTS; a proxy that inspects TLS has one, too.',
        location,
        cause,
      },
    );
  }
  return new ClientError('server_unreachable', `cannot reach ${url.host}: ${messageOf(cause) || code}`, {
    remedy: 'Check the address, the network, and HTTPS_PROXY/NO_PROXY.',
    location,
    cause,
  });
}

async function readBody(
  response: IncomingMessage,
  { bodyBytesMax: bytesMax, bodyEncoding = 'utf8' }: HttpRequest,
  url: URL,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new ClientError(
        'server_answer_too_large',
        `${url.host} answered with more than ${bytesMax} bytes`,
        {
          remedy: 'Check that the address is that of Vouchgate.',
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString(bodyEncoding);
}

function singleHeaders(headers: IncomingHttpHeaders): HttpAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

/** An HTTP client on Node's own modules: it starts faster than any library, which every job pays for. */
export function createHttpSend(options: HttpSendOptions): HttpSend {
  const connectors = new Map<string, Promise<Connector>>();
  const connect = (url: URL): Promise<Connector> => {
    const isSecure = url.protocol === 'https:';
    const isLoopback = isLoopbackHost(url.hostname);
    const kind = `${url.protocol}${isLoopback ? 'loopback' : ''}`;
    const connector = connectors.get(kind) ?? createConnector(options, isSecure, isLoopback);
    connectors.set(kind, connector);
    return connector;
  };

  return async (request) => {
    const url = new URL(request.url);
    const { request: open, agent } = await connect(url);
    const signal = AbortSignal.timeout(request.timeoutMs);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = open(
          url,
          {
            method: request.method,
            agent,
            signal,
            headers: {
              'user-agent': 'vouchgate',
              accept: 'application/json',
              ...request.headers,
              ...(request.body === undefined
                ? {}
                : { 'content-length': String(Buffer.byteLength(request.body)) }),
            },
          },
          resolve,
        );
        outgoing.on('error', reject);
        outgoing.end(request.body);
      });
      const body = await readBody(response, request, url);
      return { status: response.statusCode ?? 0, headers: singleHeaders(response.headers), body };
    } catch (cause) {
      if (cause instanceof ClientError) throw cause;
      if (!signal.aborted) throw toClientError(cause, url);
      throw new ClientError('server_timeout', `${url.host} did not answer within ${request.timeoutMs} ms`, {
        remedy: 'Check the network, and the load of the server.',
        cause,
      });
    }
  };
}
