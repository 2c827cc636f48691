import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sink, SinkList } from '#api/sink.ts';
import { FakeElasticsearch } from '#audit/sinks/elasticsearch/elasticsearch.fake.ts';
import { FakeReceiver } from '#audit/sinks/receiver.fake.ts';
import { runCommand } from './harness/command.ts';
import { deployToken, exchange } from './harness/job.ts';
import { logIn, type Person, personWith } from './harness/person.ts';
import type { ServerProcess } from './harness/server-process.ts';
import { openSite, type Site } from './harness/site.ts';
import { eventually } from './harness/wait.ts';

const EXCHANGES = 12;

function nextFrom(values: readonly string[], name: string): string {
  return values.find((value) => value.includes(name)) ?? '';
}

describe('copies of the record', { timeout: 120_000 }, () => {
  const siem = new FakeElasticsearch();
  const hook = new FakeReceiver(() => ({ status: 503, body: 'closed for the night' }));
  let site: Site;
  let server: ServerProcess;
  let person: Person;
  let file: string;

  const sinks = async (): Promise<readonly Sink[]> =>
    (await person.client.call({ method: 'GET', path: '/v1/sinks', schema: SinkList })).sinks;
  /** Both sinks that work have all that the log has. */
  const caughtUp = () =>
    eventually('the sinks are where the log is', 30_000, async () => {
      const working = (await sinks()).filter(({ name }) => name !== 'hook');
      return working.length === 2 && working.every(({ state }) => state === 'idle') ? working : undefined;
    });
  const cli = (...args: string[]) =>
    runCommand(args, {
      VOUCHGATE_URL: server.url,
      VOUCHGATE_SESSION_TOKEN: person.session.reveal(),
      HOME: site.home,
    });
  const work = async (): Promise<void> => {
    for (let count = 0; count < EXCHANGES; count += 1) {
      const { issued } = await exchange(site, { resource: 'partner-api', token: deployToken(site) });
      expect(issued).toBeDefined();
    }
  };

  beforeAll(async () => {
    await Promise.all([siem.receiver.listen(), hook.listen()]);
    site = await openSite({ allowPrivateHosts: [siem.receiver.host, hook.host] });
    file = join(site.home, 'copies', 'events.ndjson');
    const keys = { es: join(site.home, 'es-key'), hook: join(site.home, 'hook-key') };
    await writeFile(keys.es, siem.secrets.ES_KEY);
    await writeFile(keys.hook, `whsec_${Buffer.alloc(32, 3).toString('base64')}`);
    await site.writeConfiguration(
      'vouchgate.yaml',
      `${site.yaml}sinks:
  siem: { type: elasticsearch, url: "${siem.receiver.url}", apiKey: { file: "${keys.es}" } }
  files: { type: file, path: "${file}" }
  hook: { type: webhook, url: "${hook.url}/in", secrets: [{ file: "${keys.hook}" }] }
`,
    );
    server = await site.start();
    person = await logIn(server);
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    await Promise.all([siem.receiver.close(), hook.close()]);
  });

  it('are complete and unaltered, and the log proves it', async () => {
    await work();
    await caughtUp();
    for (const args of [['siem'], ['files'], ['files', '--file', file]]) {
      const { code, stdout, stderr } = await cli(
        'audit',
        'reconcile',
        ...args,
        '--config',
        site.configFolder,
      );
      expect(stderr).toBe('');
      expect(stdout).toContain('is complete and unaltered');
      expect(code).toBe(0);
    }
    expect(siem.hits.length).toBeGreaterThan(EXCHANGES);
  });

  it('do not wait for a sink that is down, which is seen', async () => {
    const { code, stdout } = await cli('audit', 'sinks');
    const line = nextFrom(stdout.split('\n'), 'webhook');
    expect(line).toMatch(/hook +webhook +(?:retrying|down) +\d+/);
    expect(stdout).toContain('closed for the night [http_503]');
    expect([0, 1]).toContain(code);
  });

  it('are found out when something is deleted, altered or added', async () => {
    await caughtUp();
    const before = structuredClone(siem.hits);
    const [gone] = siem.hits.splice(2, 1);
    const altered = siem.hits[4]?._source;
    Object.assign(Object(altered?.['event']), { action: 'session.closed' });
    siem.hits.push({ _id: 'evt_forged', _source: { ...gone?._source, message: 'forged \u001b[2J' } });
    siem.hits.push({ _id: 'evt_free', _source: { message: 'not ours' } });
    const { code, stdout } = await cli('audit', 'reconcile', 'siem', '--config', site.configFolder);
    expect(code).toBe(1);
    expect(stdout).toContain('is NOT what the log says: 3 differences');
    expect(stdout).toMatch(/entry 2 altered/);
    expect(stdout).toMatch(/entry 5 altered/);
    expect(stdout).toMatch(/no entry added: .*not ours/);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    siem.hits.splice(0, siem.hits.length, ...before.filter((_, at) => at !== 7));
    const again = await cli('audit', 'reconcile', 'siem', '--config', site.configFolder, '--format', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      complete: false,
      faultsAll: 1,
      faults: [{ index: 7, problem: 'deleted', excerpt: before[7]?._id }],
    });
    siem.hits.splice(0, siem.hits.length, ...before);
  });

  it('go on where they were after a crash, and miss nothing', async () => {
    for (let round = 0; round < 3; round += 1) {
      siem.receiver.disturbances.push('lost', 'slow', 'reset');
      await work();
      await server.crash();
      server = await site.start();
      person = personWith(person.session, server.url);
    }
    siem.receiver.disturbances.length = 0;
    await caughtUp();
    for (const name of ['siem', 'files']) {
      const { stdout } = await cli(
        'audit',
        'reconcile',
        name,
        '--config',
        site.configFolder,
        '--format',
        'json',
      );
      expect(JSON.parse(stdout)).toMatchObject({ sink: name, complete: true });
    }
  });

  it('carry no credential of a sink, and neither does the log of the server', async () => {
    const shown = `${server.stderr()}${server.stdout()}${await readFile(file, 'utf8')}${JSON.stringify(await sinks())}`;
    expect(shown).not.toContain(siem.secrets.ES_KEY);
    expect(shown).not.toContain(Buffer.alloc(32, 3).toString('base64'));
  });

  it('are sent to again as soon as somebody asks', async () => {
    const { code, stdout } = await cli('audit', 'sinks', 'hook', '--retry');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hook is tried again, with 0 parked events.\n' });
    expect(await cli('audit', 'sinks', '--retry')).toMatchObject({ code: 2 });
    const events = await person.events({ type: 'sink.retried' });
    expect(events.at(-1)?.body).toMatchObject({ name: 'hook' });
  });
});
