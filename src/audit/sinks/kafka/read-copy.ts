import type { RecordsBatch } from '@platformatic/kafka';
import { CopyError } from '../copy-error.ts';
import type { SinkContext, SinkTrouble } from '../sink.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { NO_LEADER, troubleOfError } from './kafka-trouble.ts';
import type { Broker, KafkaSettings } from './settings.ts';

const CONSUMER = -1;
const READ_UNCOMMITTED = 0;
const NO_EPOCH = -1;
const EARLIEST = -2n;
const LATEST = -1n;
const WAIT_MS = 500;
const FETCH_BYTES_MAX = 8_000_000;
/** A partition that shows nothing more, though it must have more. */
const EMPTY_FETCHES_MAX = 20;
const CONTROL_BATCH = 0x20;

/** What is read of it, the same in every version. */
interface FetchAnswer {
  readonly responses: readonly {
    readonly partitions: readonly { readonly records?: readonly RecordsBatch[] | null }[];
  }[];
}

interface Place {
  readonly cluster: KafkaCluster;
  readonly leader: Broker;
  readonly partition: number;
}

/** Asks whoever leads the partition, and, when it is somebody else by now, the next one. */
type AskLeader = <Answer>(ask: (place: Place) => Promise<Answer>) => Promise<Answer>;

const TRIES_MAX = 8;
const RETRY_MS = 250;
const RETRY_MS_MAX = 4_000;

function askLeaderOf(cluster: KafkaCluster, context: SinkContext, partition: number): AskLeader {
  const { signal } = new AbortController();
  return async (ask) => {
    for (let tries = 1; ; tries += 1) {
      let trouble: SinkTrouble = NO_LEADER;
      try {
        const leader = (await cluster.leaders())[partition];
        if (leader !== undefined) return await ask({ cluster, leader, partition });
      } catch (error) {
        if (error instanceof CopyError) throw error;
        trouble = troubleOfError(cluster.client, error, cluster.secrets);
      }
      if (trouble.kind !== 'retry' || tries === TRIES_MAX)
        throw new CopyError('copy_unreadable', trouble.message);
      await context.sleep(Math.min(RETRY_MS * 2 ** (tries - 1), RETRY_MS_MAX), signal);
      cluster.forgetLeaders();
    }
  };
}

async function findOffset({ cluster, leader, partition }: Place, timestamp: bigint): Promise<bigint> {
  const { listOffsetsV7, listOffsetsV5 } = cluster.client;
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: NO_EPOCH, timestamp }];
  const answer = await cluster.ask(leader, [listOffsetsV7.api, listOffsetsV5.api], (api, connection) =>
    api.async(connection, CONSUMER, READ_UNCOMMITTED, [{ name: cluster.topic, partitions }]),
  );
  const found = answer.topics[0]?.partitions[0]?.offset;
  if (found === undefined)
    throw new CopyError('copy_unreadable', 'a broker does not say where a partition ends');
  return found;
}

async function fetchBatches({ cluster, leader, partition }: Place, fetchOffset: bigint) {
  const { fetchV12, fetchV11 } = cluster.client;
  const partitions = [
    {
      partition,
      currentLeaderEpoch: NO_EPOCH,
      fetchOffset,
      lastFetchedEpoch: NO_EPOCH,
      partitionMaxBytes: FETCH_BYTES_MAX,
    },
  ];
  const answer = await cluster.ask<typeof fetchV12.api | typeof fetchV11.api, FetchAnswer>(
    leader,
    [fetchV12.api, fetchV11.api],
    (api, connection) =>
      // Up to version 12 the topic is asked for by its name. No session: every request stands for itself.
      api.async(
        connection,
        WAIT_MS,
        1,
        FETCH_BYTES_MAX,
        READ_UNCOMMITTED,
        0,
        -1,
        [{ topicId: cluster.topic, partitions }],
        [],
        '',
      ),
  );
  return answer.responses[0]?.partitions[0]?.records ?? [];
}

/** From the oldest record that is there to the one that was the newest at the beginning. */
async function* readPartition(askLeader: AskLeader): AsyncGenerator<string | null> {
  let at = await askLeader((place) => findOffset(place, EARLIEST));
  const end = await askLeader((place) => findOffset(place, LATEST));
  for (let empty = 0; at < end; ) {
    const from = at;
    for (const batch of await askLeader((place) => fetchBatches(place, from))) {
      for (const { offsetDelta, value } of (batch.attributes & CONTROL_BATCH) === 0 ? batch.records : []) {
        const offset = batch.firstOffset + BigInt(offsetDelta);
        // A broker gives whole batches: the first may begin before what was asked for.
        if (offset >= at && offset < end) yield value?.toString('utf8') ?? null;
      }
      const next = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
      if (next > at) at = next;
    }
    empty = at === from ? empty + 1 : 0;
    if (empty > EMPTY_FETCHES_MAX)
      throw new CopyError('copy_unreadable', 'a partition does not show all of its records');
  }
}

/** Every record of the topic, partition after partition, without a consumer group: nothing is committed. */
export async function* readCopy(settings: KafkaSettings, context: SinkContext): AsyncGenerator {
  const cluster = await KafkaCluster.open(settings, context);
  try {
    for (const partition of (await cluster.leaders()).keys())
      yield* readPartition(askLeaderOf(cluster, context, partition));
  } catch (error) {
    if (error instanceof CopyError) throw error;
    const { message } = troubleOfError(cluster.client, error, cluster.secrets);
    throw new CopyError('copy_unreadable', message, { cause: error });
  } finally {
    cluster.close();
  }
}
