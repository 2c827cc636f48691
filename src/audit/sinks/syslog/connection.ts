import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { FetchError } from '#core/fetch-error.ts';
import type { SinkContext, SinkTrouble } from '../sink.ts';
import { guardHost, needsPerson, readTlsIdentity } from '../tls-receiver.ts';
import type { SyslogSettings } from './settings.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 60_000;
/** At least; twice as long as the handshake took, where that is longer. */
const QUIET_MS = 250;

export function toTrouble(error: unknown): SinkTrouble {
  if (error instanceof FetchError) return { kind: 'refused', code: error.code, message: error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const kind = needsPerson(code) ? 'refused' : 'retry';
  const message = `The receiver could not be reached or broke off (${code}).`;
  return { kind, code: `syslog_${code.toLowerCase()}`, message };
}

export async function readConnectionOptions(
  settings: SyslogSettings,
  context: SinkContext,
): Promise<ConnectionOptions> {
  const { host, port } = settings;
  const identity = await readTlsIdentity(settings, context);
  const lookup = guardHost({ host, port, tls: true }, context.allowPrivateHosts);
  const name = settings.serverName ?? host;
  return {
    host,
    port,
    ...identity,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(lookup === undefined ? {} : { lookup }),
  };
}

function connected(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    const late = setTimeout(
      () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })),
      CONNECT_TIMEOUT_MS,
    );
    socket.once('secureConnect', () => {
      clearTimeout(late);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

/**
 * Sends all of it over a connection of its own, says that it was all, and waits until the receiver has closed its side,
 * too. Syslog has no answer: that the receiver has read to the end and closed in order is the most that it can tell.
 * One that will not have us (TLS 1.3 lets us write before it has looked at our certificate) closes in order as well, but
 * before us: so we are silent for a while before we close.
 *
 * @throws what the socket throws
 */
export async function sendAndClose(
  options: ConnectionOptions,
  messages: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const startedAtMs = performance.now();
  const socket = await connected(options);
  const quietMs = Math.max(QUIET_MS, 2 * (performance.now() - startedAtMs));
  await new Promise<void>((resolve, reject) => {
    const fail = (code: string) => socket.destroy(Object.assign(new Error(code), { code }));
    const abort = () => fail('ABORT_ERR');
    let saidAll = false;
    let quiet: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    socket.setTimeout(CLOSE_TIMEOUT_MS, () => fail('ETIMEDOUT'));
    socket.once('error', reject);
    socket.once('end', () => {
      if (!saidAll) fail('ECONNREFUSED');
    });
    socket.once('close', (hadError) => {
      clearTimeout(quiet);
      signal.removeEventListener('abort', abort);
      if (saidAll && !hadError) resolve();
      else reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.resume();
    socket.write(messages.join(''), () => {
      quiet = setTimeout(() => {
        saidAll = true;
        socket.end();
      }, quietMs);
    });
  });
}
