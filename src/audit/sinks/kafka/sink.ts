import type { MessageRecord } from '@platformatic/kafka';
import {
  accepted,
  failed,
  type SendResult,
  type Sink,
  type SinkBatch,
  type SinkContext,
  type SinkDocument,
  type SinkKind,
  type SinkTrouble,
} from '../sink.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { loadKafkaClient } from './kafka-client.ts';
import { troubleOfError } from './kafka-trouble.ts';
import { RecordProducer, type RecordGroups } from './produce-records.ts';
import { readCopy } from './read-copy.ts';
import { KafkaSettings } from './settings.ts';

/** Tries of one batch under the same sequence numbers, by which the brokers know it again. */
const TRIES_MAX = 4;
const RETRY_MS = 250;
const ABORTED: SinkTrouble = { kind: 'retry', code: 'kafka_abort_err', message: 'The sending was stopped.' };
/** A broker says so of what is not there, and of what we may not see: both take a person. */
const NO_TOPIC: SinkTrouble = {
  kind: 'refused',
  code: 'kafka_unknown_topic_or_partition',
  message: 'The topic is not there, or not for us to see. It is not made for you.',
};

function troubleOfLookup({ client, secrets }: KafkaCluster, error: unknown): SinkTrouble {
  const trouble = troubleOfError(client, error, secrets);
  return trouble.code === NO_TOPIC.code ? NO_TOPIC : trouble;
}

interface Opened {
  readonly cluster: KafkaCluster;
  readonly producer: RecordProducer;
}

/** Sign bit dropped, as the clients for Java do it: the same key goes to the same partition with all of them. */
const POSITIVE = 0x7f_ff_ff_ff;

function partitionOf({ cluster }: Opened, { event }: SinkDocument, partitions: number): number {
  return (cluster.client.murmur2(Buffer.from(event.actor.id)) & POSITIVE) % partitions;
}

/** Brokers refuse what is from the future (`message.timestamp.after.max.ms`): a clock that was wrong may not park events. */
function recordOf(
  { topic, partition, nowMs }: { topic: string; partition: number; nowMs: number },
  { event, index, text }: SinkDocument,
): MessageRecord {
  return {
    topic,
    partition,
    key: Buffer.from(event.actor.id),
    value: Buffer.from(text),
    headers: new Map([
      [Buffer.from('vouchgate-event-id'), Buffer.from(event.id)],
      [Buffer.from('vouchgate-log-index'), Buffer.from(String(index))],
    ]),
    timestamp: BigInt(Math.max(0, Math.min(event.timeMs, nowMs))),
  };
}

class KafkaSink implements Sink {
  readonly #settings: KafkaSettings;
  readonly #context: SinkContext;
  /**
   * Entries of the log that their partition took while another one did not take its own. Never more than a batch has:
   * the next one begins with the first that is missing.
   */
  readonly #taken = new Set<number>();
  #opened: Opened | undefined;

  constructor(settings: KafkaSettings, context: SinkContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async send(batch: SinkBatch, signal: AbortSignal): Promise<SendResult> {
    if (signal.aborted) return failed(ABORTED);
    const opened = await this.#open();
    const stop = () => opened.cluster.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await this.#deliver(opened, batch, signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    this.#opened?.cluster.close();
    this.#opened = undefined;
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const cluster = await KafkaCluster.open(this.#settings, this.#context);
      this.#opened = { cluster, producer: new RecordProducer(cluster) };
    }
    return this.#opened;
  }

  async #deliver(opened: Opened, batch: SinkBatch, signal: AbortSignal): Promise<SendResult> {
    const { cluster } = opened;
    let partitions: number;
    try {
      partitions = (await cluster.leaders()).length;
    } catch (error) {
      await this.close();
      return failed(troubleOfLookup(cluster, error));
    }
    if (partitions === 0)
      return failed({ kind: 'retry', code: 'kafka_no_partition', message: 'The topic has no partition.' });
    const chosen = batch.documents.map((document) => partitionOf(opened, document, partitions));
    const nowMs = this.#context.clock.nowMs();
    const groups = new Map<number, MessageRecord[]>();
    for (const [at, document] of batch.documents.entries()) {
      if (this.#taken.has(document.index)) continue;
      const partition = chosen[at] ?? 0;
      const records = groups.get(partition) ?? [];
      records.push(recordOf({ topic: cluster.topic, partition, nowMs }, document));
      groups.set(partition, records);
    }
    const left = await this.#produce(opened, groups, signal);
    // What became of records that were not refused is not known. Others under their sequence numbers could be taken
    // for them, and be lost.
    if ([...left.values()].some(({ kind }) => kind !== 'split')) await this.close();
    return this.#settle(batch, chosen, left);
  }

  /** What is left after all tries, by partition. */
  async #produce(
    { cluster, producer }: Opened,
    groups: RecordGroups,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, SinkTrouble>> {
    const left = new Map<number, SinkTrouble>();
    let open = groups;
    for (let tries = 1; open.size > 0; tries += 1) {
      const outcomes = await producer.produce(open);
      const again = new Map<number, readonly MessageRecord[]>();
      for (const [partition, records] of open) {
        const trouble = outcomes.get(partition);
        if (trouble === undefined) left.delete(partition);
        else left.set(partition, trouble);
        if (trouble?.kind === 'retry') again.set(partition, records);
      }
      if (again.size === 0 || tries === TRIES_MAX || signal.aborted) break;
      open = again;
      await this.#context.sleep(RETRY_MS * 2 ** (tries - 1), signal);
      cluster.forgetLeaders();
    }
    return left;
  }

  /** Up to the first document that is not there; which of the others are there is remembered. */
  #settle(batch: SinkBatch, chosen: readonly number[], left: ReadonlyMap<number, SinkTrouble>): SendResult {
    const isThere = (at: number): boolean =>
      this.#taken.has(batch.documents[at]?.index ?? -1) || !left.has(chosen[at] ?? -1);
    const settled = batch.documents.findIndex((_document, at) => !isThere(at));
    const done = batch.documents[settled]?.index ?? (batch.documents.at(-1)?.index ?? 0) + 1;
    for (const index of this.#taken) if (index < done) this.#taken.delete(index);
    for (const [at, { index }] of batch.documents.entries())
      if (index >= done && isThere(at)) this.#taken.add(index);
    const trouble = left.get(chosen[settled] ?? -1);
    return settled < 0 || trouble === undefined ? accepted(batch) : failed(trouble, settled);
  }
}

/** Signs in at a broker, and asks for the topic. */
async function checkCluster(
  settings: KafkaSettings,
  context: SinkContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const cluster = await KafkaCluster.open(settings, context);
  const stop = () => cluster.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const leaders = await cluster.leaders();
    return leaders.includes(undefined) ? ['A partition of the topic has no leader.'] : [];
  } catch (error) {
    return [troubleOfLookup(cluster, error).message];
  } finally {
    signal.removeEventListener('abort', stop);
    cluster.close();
  }
}

export const sink: SinkKind<KafkaSettings> = {
  id: 'kafka',
  title: 'Apache Kafka',
  description:
    'Produces each event as a record of one topic, with all in-sync replicas waited for and an idempotent producer. The key is whoever acted, so what one workload did stays in order; the headers `vouchgate-event-id` and `vouchgate-log-index` say which event it is, and where it stands in the order of all. Kafka 3.5 and later, and what speaks its protocol.',
  settings: KafkaSettings,
  schemaDefault: 'vouchgate',
  // One batch in one partition, with keys and headers, stays below `message.max.bytes` of a broker that nobody tuned.
  limits: { documentsMax: 1_000, bytesMax: 700_000, documentBytesMax: 700_000, delaySeconds: 1 },
  promise: 'All in-sync replicas of the partition have the records.',
  pitfalls: [
    'The topic must be there already, for this record alone, with `cleanup.policy=delete`: a compacted topic keeps one event of each workload. How many replicas a record survives is `min.insync.replicas` of the topic.',
    'Records carry the time of their event: with `retention.ms`, what is sent late is deleted early.',
    'Only what a workload does itself has its key: what the server does later with a lease has the key of the server. The index of the log orders all of it; a topic with one partition has it in order by itself.',
    'Every broker that the cluster names is reached under the name that it advertises, and judged by `network.allowPrivateHosts`.',
    'The user needs Write and Describe on the topic, for `audit reconcile` also Read; no consumer group is used. After a crash or a longer failure an event can be there twice.',
  ],
  open: async (settings, context) => {
    await loadKafkaClient();
    return new KafkaSink(settings, context);
  },
  check: checkCluster,
  readCopy,
};
