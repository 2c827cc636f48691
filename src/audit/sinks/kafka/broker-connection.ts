import type { Connection, SASLOptions } from '@platformatic/kafka';
import { isIP } from 'node:net';
import { guardHost, type TlsIdentity } from '../tls-receiver.ts';
import type { KafkaClient, VersionRange } from './kafka-client.ts';
import type { Broker } from './settings.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Of one answer: a length that a broker makes up must not fill the memory. */
const ANSWER_BYTES_MAX = 20_000_000;
const NAME = 'vouchgate';

/** How brokers are reached. */
export interface BrokerAccess {
  readonly client: KafkaClient;
  /** Undefined: in the clear. */
  readonly tls: TlsIdentity | undefined;
  readonly sasl: SASLOptions | undefined;
  readonly allowPrivateHosts: readonly string[];
  /** Ends every connection, and every request on it. */
  readonly closing: AbortSignal;
}

/** A connection that was let in, and what the broker speaks. */
export interface BrokerConnection {
  readonly spoken: ReadonlyMap<number, VersionRange>;
  isOpen(): boolean;
  destroy(): void;
  /** One request at a time; its answer is bounded. */
  request<Answer>(ask: (connection: Connection) => Promise<Answer>): Promise<Answer>;
}

/**
 * Judged by its address before anything is said: brokers are named by the cluster, and who has one could send us
 * anywhere.
 *
 * @throws {FetchError} for an address that we do not go to
 * @throws what the library and the socket throw
 */
export async function connectBroker(
  { host, port }: Broker,
  { client, tls, sasl, allowPrivateHosts, closing }: BrokerAccess,
): Promise<BrokerConnection> {
  const lookup = guardHost({ host, port, tls: tls !== undefined }, allowPrivateHosts);
  const connection = new client.Connection(NAME, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(tls === undefined ? {} : { tls: { ...tls, ...(lookup === undefined ? {} : { lookup }) } }),
    ...(tls === undefined || isIP(host) !== 0 ? {} : { tlsServerName: host }),
    ...(sasl === undefined ? {} : { sasl }),
  });
  // Whoever waits for an answer hears of it; an emitter without a listener would end the process.
  connection.on('error', () => {});
  const connecting = connection.connect(host, port);
  const { socket } = connection;
  const close = () => socket.destroy(Object.assign(new Error('closed'), { code: 'ABORT_ERR' }));
  closing.addEventListener('abort', close, { once: true });
  socket.once('close', () => closing.removeEventListener('abort', close));
  let left = ANSWER_BYTES_MAX;
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy(new RangeError('an answer is too large'));
  });
  await connecting;
  const { apiKeys } = await client.apiVersionsV3.api.async(connection, NAME, '1');
  return {
    spoken: new Map(
      apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]),
    ),
    isOpen: () => connection.isConnected(),
    destroy: close,
    request: (ask) => {
      left = ANSWER_BYTES_MAX;
      return ask(connection);
    },
  };
}
