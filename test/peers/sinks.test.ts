import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ProvenLog } from '#audit/sinks/proven-log.fake.ts';
import { sink as elasticsearch } from '#audit/sinks/elasticsearch/sink.ts';
import { sink as s3 } from '#audit/sinks/s3/sink.ts';
import type { Sink } from '#audit/sinks/sink.ts';
import { sink as syslog } from '#audit/sinks/syslog/sink.ts';
import { eventually } from '#test/e2e/harness/wait.ts';
import { readProjectFile } from '../../tools/source/project-files.ts';
import { installMoto, startMoto } from './moto/moto-server.ts';
import { installOpenSearch, startOpenSearch } from './opensearch/opensearch-server.ts';
import { BATCH, contextOf, COUNT, deliver, each, openHostileLog, send } from './sink-peer.ts';
import { installRsyslog, type RsyslogServer, startRsyslog } from './rsyslog/rsyslog-server.ts';

const rsyslog = installRsyslog();
const moto = installMoto();
const opensearch = installOpenSearch();

describe.skipIf('missing' in rsyslog)(
  `syslog over TLS to Debian's rsyslog (${'missing' in rsyslog ? `SKIPPED: ${rsyslog.missing}` : rsyslog.program})`,
  { timeout: 240_000 },
  () => {
    async function withServer(
      options: { mutual: boolean; client: boolean },
      test: (server: RsyslogServer, sink: Sink, log: ProvenLog) => Promise<void>,
    ): Promise<void> {
      const server = await startRsyslog(options);
      const { certificate, key } = server.files;
      const secrets = { CERT: await readFile(certificate, 'utf8'), KEY: await readFile(key, 'utf8') };
      const { context, close } = contextOf('127.0.0.1', secrets);
      const settings = syslog.settings.parse({
        host: '127.0.0.1',
        port: server.port,
        serverName: 'localhost',
        caFile: certificate,
        ...(options.client ? { client: { certificate: { env: 'CERT' }, key: { env: 'KEY' } } } : {}),
      });
      try {
        await test(server, await syslog.open(settings, context), await openHostileLog());
      } finally {
        await close();
        await server.stop();
      }
    }
    const arrived = (server: RsyslogServer, log: ProvenLog) =>
      eventually('rsyslog has written all of it', 30_000, async () => {
        const found = await log.compare(each(await server.lines()));
        return found.faultsAll === 0 && found.proven === COUNT ? found : undefined;
      });

    it('arrives event by event, whatever is in it', async () => {
      await withServer({ mutual: false, client: false }, async (server, sink, log) => {
        await deliver(sink, log);
        expect(await arrived(server, log)).toMatchObject({ proven: COUNT, duplicates: 0 });
      });
    });

    it('is let in with its certificate, and without it is told so', async () => {
      await withServer({ mutual: true, client: true }, async (server, sink, log) => {
        expect(await send(sink, log, 0)).toMatchObject({ settled: BATCH });
        await eventually('they are written', 20_000, async () =>
          (await server.lines()).length === BATCH ? true : undefined,
        );
      });
      await withServer({ mutual: true, client: false }, async (server, sink, log) => {
        expect((await send(sink, log, 0)).trouble).toBeDefined();
        expect(await server.lines()).toEqual([]);
      });
    });
  },
);

describe.skipIf('missing' in moto)(
  `objects in moto's S3 (${'missing' in moto ? `SKIPPED: ${moto.missing}` : moto.program})`,
  { timeout: 240_000 },
  () => {
    it('hold every event once, and are read back page by page', async () => {
      const server = await startMoto('program' in moto ? moto.program : '');
      const { context, close } = contextOf(new URL(server.url).host, { ID: 'test', KEY: 'test-secret' });
      try {
        const made = await fetch(`${server.url}/audit-copies`, {
          method: 'PUT',
          headers: {
            authorization:
              'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
          },
        });
        expect(made.status).toBe(200);
        const settings = s3.settings.parse({
          bucket: 'audit-copies',
          endpoint: server.url,
          accessKeyId: { env: 'ID' },
          secretAccessKey: { env: 'KEY' },
        });
        const [log, sink] = [await openHostileLog(), await s3.open(settings, context)];
        await deliver(sink, log);
        // The same batch once more, as after a crash: it is there already.
        expect(await send(sink, log, 0)).toMatchObject({ settled: BATCH });
        const copy = () => s3.readCopy?.(settings, context, { from: 0, until: COUNT }) ?? each([]);
        expect(await log.compare(copy())).toMatchObject({ proven: COUNT, duplicates: 0, faultsAll: 0 });
      } finally {
        await close();
        await server.stop();
      }
    });
  },
);

interface Hit {
  readonly _index: string;
  readonly _id: string;
  readonly _seq_no: number;
  readonly _primary_term: number;
  readonly _source: Record<string, unknown>;
}

describe.skipIf('missing' in opensearch)(
  `a data stream of OpenSearch (${'missing' in opensearch ? `SKIPPED: ${opensearch.missing}` : opensearch.version})`,
  { timeout: 240_000 },
  () => {
    it('takes every event once under the template, and shows what is done to the copy', async () => {
      const server = await startOpenSearch();
      const { context, close } = contextOf(new URL(server.url).host, {});
      const call = async (method: string, path: string, body?: string) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${server.url}/${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        });
        const text = await answer.text();
        expect(`${answer.status} ${text}`).toMatch(/^20[01] /);
        return JSON.parse(text) as unknown;
      };
      try {
        const template = readProjectFile('templates/siem/opensearch-index-template.json');
        await call('PUT', '_index_template/vouchgate-audit', template);
        const settings = elasticsearch.settings.parse({ url: server.url });
        const log = await openHostileLog();
        const sink = await elasticsearch.open(settings, context);
        await deliver(sink, log, 'ecs');
        // As after a crash: all of it is there already.
        expect(await send(sink, log, 0, 'ecs')).toEqual({ settled: BATCH, rejected: [] });
        const read = () =>
          log.compare(elasticsearch.readCopy?.(settings, context, { from: 0, until: COUNT }) ?? each([]));
        expect(await read()).toMatchObject({ proven: COUNT, duplicates: 0, faultsAll: 0 });
        const stream = settings.dataStream;
        const find = async (index: number): Promise<Hit> => {
          const query = { query: { term: { 'vouchgate.index': index } }, seq_no_primary_term: true };
          const { hits } = (await call('POST', `${stream}/_search`, JSON.stringify(query))) as {
            hits: { hits: Hit[] };
          };
          return hits.hits[0] ?? expect.fail(`there is no entry ${index}`);
        };
        const gone = await find(17);
        await call('DELETE', `${gone._index}/_doc/${gone._id}?refresh=true`);
        const altered = await find(4_711);
        Object.assign(Object(altered._source['event']), { outcome: 'success' });
        const condition = `if_seq_no=${altered._seq_no}&if_primary_term=${altered._primary_term}&refresh=true`;
        await call(
          'PUT',
          `${altered._index}/_doc/${altered._id}?${condition}`,
          JSON.stringify(altered._source),
        );
        const forged = JSON.stringify({ '@timestamp': '2027-01-15T08:00:00Z', message: 'forged' });
        await call('POST', `${stream}/_create/forged?refresh=true`, forged);
        const found = await read();
        expect(found.faults.map(({ index, problem }) => [index, problem])).toEqual([
          [17, 'deleted'],
          [4_711, 'altered'],
          [undefined, 'added'],
        ]);
      } finally {
        await close();
        await server.stop();
      }
    });
  },
);
