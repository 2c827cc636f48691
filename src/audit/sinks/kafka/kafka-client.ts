import type * as Kafka from '@platformatic/kafka';

/** The library, as it comes when it is loaded. */
export type KafkaClient = typeof Kafka;

/** Only when a sink wants it: loading takes 0.4 s and 50 MB, which nobody shall pay who has no such sink. */
export async function loadKafkaClient(): Promise<KafkaClient> {
  const client = await import('@platformatic/kafka');
  // With DEBUG=* it would print whole requests, the one with the password among them.
  for (const logger of Object.values(client.loggers)) logger.enabled = false;
  return client;
}

/** A request of the protocol in one of its versions. */
export interface VersionedApi {
  readonly key: number;
  readonly version: number;
}

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The first of the versions that a broker speaks.
 *
 * @throws the library's `UnsupportedApiError` when there is none
 */
export function chooseVersion<Api extends VersionedApi>(
  client: KafkaClient,
  candidates: readonly Api[],
  spoken: ReadonlyMap<number, VersionRange>,
): Api {
  for (const api of candidates) {
    const range = spoken.get(api.key);
    if (range !== undefined && api.version >= range.min && api.version <= range.max) return api;
  }
  throw new client.UnsupportedApiError('The broker speaks no version of the protocol that we do.');
}
