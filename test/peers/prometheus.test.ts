import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '#cli/server/start-server.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { metricCatalogue } from '#core/telemetry/metric-catalogue.ts';
import { findFreePort } from '#test/e2e/harness/wait.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import { readProjectFile } from '../../tools/source/project-files.ts';
import {
  installPrometheus,
  type RunningPrometheus,
  startPrometheus,
} from './prometheus/prometheus-server.ts';

const installed = installPrometheus();
if ('missing' in installed) process.stderr.write(`skipped: no prometheus: ${installed.missing}\n`);
const programs = 'missing' in installed ? { promtool: '', prometheus: '' } : installed;
const TOKEN = ['scrape', 'token'].join('-');

describe.skipIf('missing' in installed)('Prometheus of Debian (skipped: it is not here)', () => {
  let folder: string;
  let server: RunningServer;
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vouchgate-prometheus-'));
    const storeCommits = {};
    const storage = await openSqliteStorage({
      path: join(folder, 'store.sqlite'),
      log: silentLogger,
      clock: systemClock,
      onCommit: (calls) => Reflect.get(storeCommits, 'listener')?.(calls),
    });
    server = await startServer({
      storage,
      storeCommits,
      masterKey: Buffer.alloc(32, 1),
      readFiles: async () => ({
        'vouchgate.yaml':
          'version: 1\nurl: http://127.0.0.1:8440\ntelemetry: { metrics: { access: token, token: { env: T } } }\n',
      }),
      listen: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      env: { T: TOKEN },
      clock: systemClock,
      log: silentLogger,
    });
    writeFileSync(join(folder, 'token'), TOKEN);
    writeFileSync(join(folder, 'rules.yaml'), readProjectFile('templates/monitoring/prometheus-rules.yaml'));
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yaml]
scrape_configs:
  - job_name: vouchgate
    authorization: { credentials_file: ${join(folder, 'token')} }
    static_configs: [{ targets: ['${new URL(server.url).host}'] }]
`,
    );
    const data = join(folder, 'data');
    prometheus = await startPrometheus(
      programs.prometheus,
      join(folder, 'prometheus.yml'),
      data,
      await findFreePort(),
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (path: string): Promise<unknown> => {
    const answer: { data: unknown } = JSON.parse(await (await fetch(`${prometheus.url}${path}`)).text());
    return answer.data;
  };
  const query = async (text: string): Promise<string[]> => {
    const data = await ask(`/api/v1/query?query=${encodeURIComponent(text)}`);
    const { result }: { result: { value: [number, string] }[] } = JSON.parse(JSON.stringify(data));
    return result.map(({ value }) => value[1]);
  };
  const until = async (text: string): Promise<string[]> => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const found = await query(text);
      if (found.length > 0) return found;
      await delay(200);
    }
    return [];
  };

  it('takes the alert rules, by its own tool', () => {
    const result = spawnSync(programs.promtool, ['check', 'rules', join(folder, 'rules.yaml')], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([result.status, result.stderr]).toEqual([0, '']);
  });

  it('finds nothing to object to in what the server exposes', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const input = await (await fetch(`${server.url}/metrics`, { headers })).text();
    const result = spawnSync(programs.promtool, ['check', 'metrics'], {
      input,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([result.status, result.stdout, result.stderr]).toEqual([0, '', '']);
  });

  it('scrapes the server with its token, and has its figures', async () => {
    expect(await until('up{job="vouchgate"} == 1')).toEqual(['1']);
    // An exchange that is denied, so that there is something to count.
    await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: 'aaa.bbb.ccc',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'shop-db',
      }),
    });
    expect(await until('sum(vouchgate_exchanges_total{outcome="denied"})')).toEqual(['1']);
    const refused = 'vouchgate_http_requests_total{operation="exchangeToken",status_class="4xx"}';
    expect(await until(refused)).toEqual(['1']);
    expect(await until('vouchgate_configuration_in_force')).toEqual(['1']);
    const [commits = '0'] = await until('vouchgate_store_commits_total > 0');
    expect(Number(commits)).toBeGreaterThan(0);
    const names = JSON.stringify(await ask('/api/v1/label/__name__/values'));
    const plain = Object.entries(metricCatalogue).filter(
      ([, { labels, kind }]) => Object.keys(labels).length === 0 && kind !== 'histogram',
    );
    for (const [name] of plain)
      if (name !== 'vouchgate_log_seconds_since_witnessed') expect(names).toContain(`"${name}"`);
  }, 60_000);

  it('evaluates every rule without an error, and no critical one fires for a server that is well', async () => {
    await delay(3_000);
    const text = JSON.stringify(await ask('/api/v1/rules'));
    const groups: { groups: { rules: { name: string; health: string; state: string }[] }[] } =
      JSON.parse(text);
    const rules = groups.groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(18);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  }, 30_000);
});
