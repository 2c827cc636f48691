import type { MessageRecord, NumericMap } from '@platformatic/kafka';
import type { SinkTrouble } from '../sink.ts';
import type { KafkaCluster, Leaders } from './kafka-cluster.ts';
import { NO_LEADER, troubleOfCode, troubleOfError } from './kafka-trouble.ts';
import type { Broker } from './settings.ts';

const ACKS_ALL = -1;
/** How long the brokers may wait for each other. */
const ACKS_TIMEOUT_MS = 20_000;
/** Sequences wrap around there (KIP-98). */
const SEQUENCE_MODULUS = 2 ** 31;
const ANSWER_INVALID: SinkTrouble = {
  kind: 'retry',
  code: 'kafka_answer_invalid',
  message: 'The broker said nothing of a partition that it was sent records for.',
};
/** It has this very batch already: the answer to an earlier try was lost. */
const DUPLICATE_SEQUENCE_NUMBER = 46;

/** Records of one partition each, in their order; undefined in the answer: all of them are there. */
export type Outcomes = ReadonlyMap<number, SinkTrouble | undefined>;
export type RecordGroups = ReadonlyMap<number, readonly MessageRecord[]>;

interface PartitionAnswer {
  readonly index: number;
  readonly errorCode: number;
  readonly errorMessage?: string | null | undefined;
}

/** Errors of single partitions come as an error that holds the whole answer. */
function answersIn(response: unknown): readonly PartitionAnswer[] {
  const topics: unknown = Reflect.get(Object(response), 'responses');
  const [topic]: unknown[] = Array.isArray(topics) ? topics : [];
  const partitions: unknown = Reflect.get(Object(topic), 'partitionResponses');
  // It comes from the library's own parser, which has read every field of it.
  return Array.isArray(partitions) ? (partitions as readonly PartitionAnswer[]) : [];
}

/**
 * An idempotent producer of one topic: whatever is sent again with the same records comes once (KIP-98). Its state is
 * lost with it, so after trouble that is left over it must be thrown away.
 */
export class RecordProducer {
  readonly #cluster: KafkaCluster;
  readonly #sequences: NumericMap;
  #identity: { readonly producerId: bigint; readonly producerEpoch: number } | undefined;

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
    this.#sequences = new cluster.client.NumericMap();
  }

  /** One try for each partition. Groups that failed may be sent again as they are. */
  async produce(groups: RecordGroups): Promise<Outcomes> {
    let leaders: Leaders;
    try {
      leaders = await this.#cluster.leaders();
      await this.#identify();
    } catch (error) {
      const trouble = troubleOfError(this.#cluster.client, error, this.#cluster.secrets);
      return new Map([...groups.keys()].map((partition) => [partition, trouble]));
    }
    const outcomes = new Map<number, SinkTrouble | undefined>();
    await Promise.all(
      groupByLeader(groups, leaders).map(async ([leader, partitions]) => {
        const found = await this.#send(leader, groups, partitions);
        for (const partition of partitions) outcomes.set(partition, found.get(partition));
      }),
    );
    for (const [partition, trouble] of outcomes)
      if (trouble === undefined) this.#advance(partition, groups.get(partition)?.length ?? 0);
    return outcomes;
  }

  async #identify(): Promise<void> {
    if (this.#identity !== undefined) return;
    const { initProducerIdV4, initProducerIdV2, initProducerIdV1 } = this.#cluster.client;
    this.#identity = await this.#cluster.askAny(
      [initProducerIdV4.api, initProducerIdV2.api, initProducerIdV1.api],
      (api, connection) => api.async(connection, null, 0),
    );
  }

  async #send(
    leader: Broker | undefined,
    groups: RecordGroups,
    partitions: readonly number[],
  ): Promise<Outcomes> {
    const { client, secrets } = this.#cluster;
    const all = (trouble: SinkTrouble): Outcomes =>
      new Map(partitions.map((partition) => [partition, trouble]));
    if (leader === undefined) return all(NO_LEADER);
    let answers: readonly PartitionAnswer[];
    try {
      answers = answersIn(
        await this.#request(
          leader,
          partitions.flatMap((partition) => groups.get(partition) ?? []),
        ),
      );
    } catch (error) {
      answers = answersIn(Reflect.get(Object(error), 'response'));
      if (answers.length === 0) return all(troubleOfError(client, error, secrets));
    }
    const byPartition = new Map(answers.map((answer) => [answer.index, answer]));
    return new Map(
      partitions.map((partition) => {
        const answer = byPartition.get(partition);
        if (answer === undefined) return [partition, ANSWER_INVALID];
        const { errorCode, errorMessage } = answer;
        const isThere = errorCode === 0 || errorCode === DUPLICATE_SEQUENCE_NUMBER;
        return [partition, isThere ? undefined : troubleOfCode(client, errorCode, errorMessage, secrets)];
      }),
    );
  }

  async #request(leader: Broker, records: readonly MessageRecord[]): Promise<unknown> {
    const { produceV11, produceV9, produceV8, produceV7 } = this.#cluster.client;
    const options = { ...this.#identity, sequences: this.#sequences };
    return this.#cluster.ask<typeof produceV11.api | typeof produceV7.api, unknown>(
      leader,
      [produceV11.api, produceV9.api, produceV8.api, produceV7.api],
      (api, connection) => api.async(connection, ACKS_ALL, ACKS_TIMEOUT_MS, [...records], options),
    );
  }

  #advance(partition: number, count: number): void {
    const key = `${this.#cluster.topic}:${partition}`;
    this.#sequences.set(key, (this.#sequences.getWithDefault(key, 0) + count) % SEQUENCE_MODULUS);
  }
}

function groupByLeader(
  groups: RecordGroups,
  leaders: Leaders,
): readonly (readonly [Broker | undefined, readonly number[]])[] {
  const byLeader = new Map<string, [Broker | undefined, number[]]>();
  for (const partition of groups.keys()) {
    const leader = leaders[partition];
    const key = leader === undefined ? '' : `${leader.host}:${leader.port}`;
    const found = byLeader.get(key) ?? [leader, []];
    found[1].push(partition);
    byLeader.set(key, found);
  }
  return [...byLeader.values()];
}
