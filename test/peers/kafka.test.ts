import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sink as kafka } from '#audit/sinks/kafka/sink.ts';
import { openProvenLog } from '#audit/sinks/proven-log.fake.ts';
import { runCommand } from '#test/e2e/harness/command.ts';
import { deployToken, exchange } from '#test/e2e/harness/job.ts';
import { logIn } from '#test/e2e/harness/person.ts';
import { openSite } from '#test/e2e/harness/site.ts';
import { eventually } from '#test/e2e/harness/wait.ts';
import { drainLog } from './kafka/drain-log.ts';
import { installKafka, type KafkaServer, startKafka } from './kafka/kafka-server.ts';
import { makeTopic, produceForged, sinkOf, withAdmin } from './kafka/topic.ts';
import { BATCH, contextOf, COUNT, deliver, each, openHostileLog, send } from './sink-peer.ts';

const installed = installKafka();
const STORM = 40_000;

const byWorkload = (at: number) => ({ actor: { kind: 'workload', id: `github/${at % 50}` } }) as const;

describe.skipIf('missing' in installed)(
  `a topic of Apache Kafka (${'missing' in installed ? `SKIPPED: ${installed.missing}` : installed.version})`,
  { timeout: 240_000 },
  () => {
    let server: KafkaServer;
    beforeAll(async () => {
      server = await startKafka();
    });
    afterAll(() => server?.stop());

    it('has every event once, and shows what is done to the copy', async () => {
      await makeTopic(server, 'copy');
      const sink = sinkOf(server, 'copy');
      const opened = await sink.open();
      const log = await openHostileLog(byWorkload);
      await deliver(opened, log);
      expect(await sink.compare(log)).toMatchObject({ proven: COUNT, duplicates: 0, faultsAll: 0 });
      // As after a crash: another producer, the same events.
      await opened.close();
      expect(await send(opened, log, 0)).toEqual({ settled: BATCH, rejected: [] });
      expect(await sink.compare(log)).toMatchObject({ proven: COUNT, duplicates: BATCH, faultsAll: 0 });
      await opened.close();
      await withAdmin(server, (admin) =>
        admin.deleteRecords({ topics: [{ name: 'copy', partitions: [{ partition: 0, offset: 9n }] }] }),
      );
      await produceForged(server, 'copy');
      const problems = (await sink.compare(log)).faults.map(({ problem }) => problem);
      // Those that were sent again are there still.
      expect(problems.filter((problem) => problem === 'added')).toHaveLength(1);
      expect(problems.filter((problem) => problem === 'altered')).toEqual([]);
    });

    it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
      'lets us in by %s over TLS, and nobody with a wrong password or without trust',
      async (mechanism) => {
        const topic = `secure-${mechanism}`;
        await makeTopic(server, topic);
        const { name: username, password } = server.user;
        const settings = {
          brokers: [...server.secure],
          topic,
          caFile: server.caFile,
          sasl: { mechanism, username, password: { env: 'PASSWORD' } },
        };
        const open = (given: object, secret: string) =>
          kafka.open(
            kafka.settings.parse(given),
            contextOf([...server.secure], { PASSWORD: secret }).context,
          );
        const log = await openHostileLog(byWorkload);
        const stranger = await open(settings, `${password}x`);
        const refused = await send(stranger, log, 0);
        expect(refused).toMatchObject({
          settled: 0,
          trouble: { kind: 'refused', code: 'kafka_sasl_authentication_failed' },
        });
        expect(JSON.stringify(refused)).not.toContain(password);
        const untrusted = await open({ ...settings, caFile: undefined }, password);
        expect((await send(untrusted, log, 0)).trouble).toMatchObject({ kind: 'refused' });
        const opened = await open(settings, password);
        expect(await send(opened, log, 0)).toEqual({ settled: BATCH, rejected: [] });
        await opened.close();
        const parsed = kafka.settings.parse(settings);
        const { context } = contextOf([...server.secure], { PASSWORD: password });
        const found = await log.compare(
          kafka.readCopy?.(parsed, context, { from: 0, until: BATCH }) ?? each([]),
        );
        expect(found).toMatchObject({ proven: BATCH, duplicates: 0 });
        expect(found.faults.every(({ problem }) => problem === 'deleted')).toBe(true);
      },
    );

    it('takes less at once where batches are limited, and says which event it will never take', async () => {
      await makeTopic(server, 'small', { configs: { 'max.message.bytes': '4000' } });
      const opened = await sinkOf(server, 'small').open();
      const log = await openProvenLog(60, (at) => (at === 20 ? { body: { text: 'x'.repeat(9_000) } } : {}));
      expect(await send(opened, log, 0)).toMatchObject({
        trouble: { kind: 'split', code: 'kafka_message_too_large' },
      });
      const { store, parked } = await drainLog(log, () => Promise.resolve(opened));
      expect(parked).toEqual([{ index: 20, code: 'kafka_message_too_large' }]);
      expect((await store.find('siem'))?.nextIndex).toBe(60);
      await opened.close();
    });

    it('gets what a server records, and the command line proves the copy from the topic', async () => {
      await makeTopic(server, 'server');
      const site = await openSite({ allowPrivateHosts: [...server.secure] });
      try {
        const secret = join(site.home, 'kafka-password');
        await writeFile(secret, server.user.password);
        await site.writeConfiguration(
          'vouchgate.yaml',
          `${site.yaml}sinks:
  stream:
    type: kafka
    brokers: ["${server.secure[0]}"]
    topic: server
    caFile: "${server.caFile}"
    sasl: { mechanism: SCRAM-SHA-512, username: "${server.user.name}", password: { file: "${secret}" } }
`,
        );
        const process = await site.start();
        const person = await logIn(process);
        for (let count = 0; count < 10; count += 1)
          await exchange(site, { resource: 'partner-api', token: deployToken(site) });
        const env = {
          VOUCHGATE_URL: process.url,
          VOUCHGATE_SESSION_TOKEN: person.session.reveal(),
          HOME: site.home,
        };
        await eventually('the sink is where the log is', 30_000, async () => {
          const { stdout } = await runCommand(['audit', 'sinks'], env);
          return /stream +kafka +idle +0/.test(stdout) ? true : undefined;
        });
        const reconcile = () =>
          runCommand(['audit', 'reconcile', 'stream', '--config', site.configFolder], env);
        const proven = await reconcile();
        expect(proven.stderr).toBe('');
        expect(proven.stdout).toContain('is complete and unaltered');
        await produceForged(server, 'server');
        expect(await reconcile()).toMatchObject({
          code: 1,
          stdout: expect.stringMatching(/NOT what the log says: 1 difference/),
        });
        expect(`${process.stderr()}${process.stdout()}`).not.toContain(server.user.password);
      } finally {
        await site.close();
      }
    });

    it('misses nothing when the broker is killed in the middle of it, twice', async () => {
      await makeTopic(server, 'storm');
      const sink = sinkOf(server, 'storm');
      const log = await openProvenLog(STORM, byWorkload);
      const kills = [10_000, 25_000];
      let restarting: Promise<void> = Promise.resolve();
      const startedAtMs = performance.now();
      const { parked, failures } = await drainLog(log, sink.open, (nextIndex) => {
        const [next] = kills;
        if (next === undefined || nextIndex < next) return;
        kills.shift();
        restarting = restarting
          .then(() => server.kill())
          .then(() => sleep(1_500))
          .then(() => server.start());
      });
      await restarting;
      const seconds = (performance.now() - startedAtMs) / 1_000;
      const found = await sink.compare(log);
      process.stderr.write(
        `kafka: ${STORM} events in ${seconds.toFixed(1)} s with two kills, ${failures} failures, ${found.duplicates} duplicates\n`,
      );
      expect(kills).toEqual([]);
      expect(failures).toBeGreaterThan(0);
      expect(parked).toEqual([]);
      expect(found).toMatchObject({ proven: STORM, faultsAll: 0 });
      // What was on its way when it was killed, and no more.
      expect(found.duplicates).toBeLessThanOrEqual(2 * kafka.limits.documentsMax);
    });
  },
);

describe.skipIf('missing' in installed)(
  `a cluster of three nodes (${'missing' in installed ? `SKIPPED: ${installed.missing}` : installed.version})`,
  { timeout: 300_000 },
  () => {
    let server: KafkaServer;
    beforeAll(async () => {
      server = await startKafka({ nodes: 3 });
    }, 180_000);
    afterAll(() => server?.stop());

    const makeReplicated = (topic: string) =>
      eventually('the cluster makes a topic', 60_000, () =>
        makeTopic(server, topic, { replicas: 3, configs: { 'min.insync.replicas': '2' } }).then(
          () => true,
          () => undefined,
        ),
      );

    it('is not reached where only some of its nodes are allowed', async () => {
      await makeReplicated('some');
      const [allowed] = server.clear;
      const { context } = contextOf(allowed, {});
      const settings = kafka.settings.parse({ brokers: [allowed], tls: false, topic: 'some' });
      const opened = await kafka.open(settings, context);
      const log = await openHostileLog(byWorkload);
      const code = await eventually('the cluster is ready', 60_000, async () => {
        const { settled, trouble } = await send(opened, log, 0);
        expect(settled).toBeLessThan(BATCH);
        return trouble?.kind === 'refused' ? trouble.code : undefined;
      });
      expect(code).toBe('fetch_scheme_forbidden');
      await opened.close();
    });

    it('takes every event while its nodes are killed one after the other', async () => {
      await makeReplicated('cluster');
      const sink = sinkOf(server, 'cluster');
      const log = await openProvenLog(STORM, byWorkload);
      const steps: [at: number, step: () => Promise<void>][] = [
        [8_000, () => server.kill(0)],
        [16_000, () => server.start(0)],
        [24_000, () => server.kill(1)],
      ];
      let work: Promise<void> = Promise.resolve();
      const { parked, failures } = await drainLog(log, sink.open, (nextIndex) => {
        const [next] = steps;
        if (next === undefined || nextIndex < next[0]) return;
        steps.shift();
        work = work.then(next[1]);
      });
      await work;
      const found = await sink.compare(log);
      process.stderr.write(`kafka, three nodes: ${failures} failures, ${found.duplicates} duplicates\n`);
      expect(steps).toEqual([]);
      expect(parked).toEqual([]);
      expect(found).toMatchObject({ proven: STORM, faultsAll: 0 });
      expect(found.duplicates).toBeLessThanOrEqual(2 * kafka.limits.documentsMax);
    });
  },
);
