import type { Connection } from '@platformatic/kafka';
import { z } from 'zod';
import type { Secret } from '#core/secret.ts';
import type { SinkContext } from '../sink.ts';
import { readTlsIdentity } from '../tls-receiver.ts';
import { saslOptions } from './authenticate.ts';
import { type BrokerAccess, type BrokerConnection, connectBroker } from './broker-connection.ts';
import { chooseVersion, type KafkaClient, loadKafkaClient, type VersionedApi } from './kafka-client.ts';
import type { Broker, KafkaSettings } from './settings.ts';

const BROKERS_MAX = 1_000;
const PARTITIONS_MAX = 100_000;

/** Undefined for a partition that nobody leads at the moment. */
export type Leaders = readonly (Broker | undefined)[];

/** What is read of an answer, the same in every version. */
const Described = z.object({
  brokers: z.array(z.object({ nodeId: z.int(), host: z.string(), port: z.int() })).max(BROKERS_MAX),
  topics: z.tuple([
    z.object({
      partitions: z.array(z.object({ partitionIndex: z.int(), leaderId: z.int() })).max(PARTITIONS_MAX),
    }),
  ]),
});
type Described = z.infer<typeof Described>;

/** An answer about a topic that is there, though not every partition of it may have a leader. */
const WholeTopic = z.object({ topics: z.tuple([z.looseObject({ errorCode: z.literal(0) })]) });

function describedIn(error: unknown): unknown {
  const response: unknown = Reflect.get(Object(error), 'response');
  return WholeTopic.safeParse(response).success ? response : undefined;
}

function leadersIn({ brokers, topics: [{ partitions }] }: Described): Leaders {
  const byId = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
  const leaders = Array.from<Broker | undefined>({ length: partitions.length });
  for (const { partitionIndex, leaderId } of partitions)
    if (partitionIndex in leaders) leaders[partitionIndex] = byId.get(leaderId);
  return leaders;
}

/** The brokers of a cluster, as far as one topic is concerned. To be closed when anything went wrong. */
export class KafkaCluster {
  readonly client: KafkaClient;
  readonly topic: string;
  /** What must not be shown of an answer. */
  readonly secrets: readonly Secret[];
  readonly #bootstrap: readonly Broker[];
  readonly #access: BrokerAccess;
  readonly #closing: AbortController;
  readonly #connections = new Map<string, Promise<BrokerConnection>>();
  #leaders: Leaders | undefined;

  private constructor(
    settings: KafkaSettings,
    access: BrokerAccess,
    secrets: readonly Secret[],
    closing: AbortController,
  ) {
    this.client = access.client;
    this.topic = settings.topic;
    this.secrets = secrets;
    this.#bootstrap = settings.brokers;
    this.#access = access;
    this.#closing = closing;
  }

  /**
   * Nothing is connected yet.
   *
   * @throws what resolving a secret and reading a file throws
   */
  static async open(settings: KafkaSettings, context: SinkContext): Promise<KafkaCluster> {
    const client = await loadKafkaClient();
    const { sasl } = settings;
    const password = sasl === undefined ? undefined : await context.resolveSecret(sasl.password);
    const closing = new AbortController();
    const access: BrokerAccess = {
      client,
      tls: settings.tls ? await readTlsIdentity(settings, context) : undefined,
      sasl: sasl === undefined || password === undefined ? undefined : saslOptions(client, sasl, password),
      allowPrivateHosts: context.allowPrivateHosts,
      closing: closing.signal,
    };
    return new KafkaCluster(settings, access, password === undefined ? [] : [password], closing);
  }

  /** One request to a broker, in the first of the versions that it speaks. */
  async ask<Api extends VersionedApi, Answer>(
    broker: Broker,
    candidates: readonly Api[],
    ask: (api: Api, connection: Connection) => Promise<Answer>,
  ): Promise<Answer> {
    const connection = await this.#connect(broker);
    const api = chooseVersion(this.client, candidates, connection.spoken);
    return connection.request((open) => ask(api, open));
  }

  /** The same of whichever of the configured brokers answers first, in their order. */
  async askAny<Api extends VersionedApi, Answer>(
    candidates: readonly Api[],
    ask: (api: Api, connection: Connection) => Promise<Answer>,
  ): Promise<Answer> {
    const errors: unknown[] = [];
    for (const broker of this.#bootstrap) {
      try {
        return await this.ask(broker, candidates, ask);
      } catch (error) {
        errors.push(error);
      }
    }
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'no broker answers');
  }

  /** Who leads each partition; known until it is forgotten. */
  async leaders(): Promise<Leaders> {
    if (this.#leaders !== undefined) return this.#leaders;
    const { metadataV12, metadataV9, metadataV7 } = this.client;
    const described = await this.askAny<typeof metadataV12.api | typeof metadataV9.api, unknown>(
      [metadataV12.api, metadataV9.api, metadataV7.api],
      async (api, connection) => {
        try {
          // A topic that is made by accident would have neither the partitions nor the retention of a record.
          return await api.async(connection, [this.topic], false);
        } catch (error) {
          const found = describedIn(error);
          if (found === undefined) throw error;
          return found;
        }
      },
    );
    this.#leaders = leadersIn(Described.parse(described));
    return this.#leaders;
  }

  forgetLeaders(): void {
    this.#leaders = undefined;
  }

  /** Whoever waits for an answer gets an error. */
  close(): void {
    this.#closing.abort(Object.assign(new Error('closed'), { code: 'ABORT_ERR' }));
    this.#connections.clear();
  }

  async #connect(broker: Broker): Promise<BrokerConnection> {
    this.#closing.signal.throwIfAborted();
    const key = `${broker.host}:${broker.port}`;
    const known = await this.#connections.get(key)?.catch(() => {});
    if (known?.isOpen() === true) return known;
    known?.destroy();
    const connecting = connectBroker(broker, this.#access);
    this.#connections.set(key, connecting);
    return connecting;
  }
}
