import { Admin, Producer } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { sink as kafka } from '#audit/sinks/kafka/sink.ts';
import type { ProvenLog } from '#audit/sinks/proven-log.fake.ts';
import { contextOf, each } from '../sink-peer.ts';
import type { KafkaServer } from './kafka-server.ts';

export async function withAdmin<T>({ clear }: KafkaServer, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...clear] });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

export async function makeTopic(
  server: KafkaServer,
  topic: string,
  { replicas = 1, configs = {} }: { replicas?: number; configs?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await withAdmin(server, (admin) =>
    admin.createTopics({
      topics: [topic],
      partitions: 3,
      replicas,
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }),
  );
}

/** What is none of ours, by somebody else. */
export async function produceForged({ clear }: KafkaServer, topic: string): Promise<void> {
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: [...clear] });
  const forged = JSON.stringify({ '@timestamp': '2027-01-15T08:00:00Z', message: 'forged' });
  await producer.send({ messages: [{ topic, value: Buffer.from(forged) }], acks: -1 });
  await producer.close();
}

/** The sink of a topic, in the clear. */
export function sinkOf({ clear }: KafkaServer, topic: string) {
  const { context } = contextOf(clear, {});
  const settings = kafka.settings.parse({ brokers: [...clear], tls: false, topic });
  const patient = { ...context, sleep: (ms: number) => sleep(ms) };
  return {
    open: () => kafka.open(settings, patient),
    compare: (log: ProvenLog) =>
      log.compare(kafka.readCopy?.(settings, patient, { from: 0, until: log.events.length }) ?? each([])),
  };
}
