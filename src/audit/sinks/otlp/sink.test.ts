import { describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { makeEvent, ORIGIN } from '../../outbox/delivery.fake.ts';
import { FakeReceiver } from '../receiver.fake.ts';
import { describeSink, isPoison } from '../sink.contract.ts';
import { sink } from './sink.ts';

const TOKEN = ['Bearer', 'collector-token'].join(' ');

interface LogRecord {
  timeUnixNano: string;
  severityNumber: number;
  body: { stringValue: string };
  attributes: { key: string; value: Record<string, string> }[];
}

describeSink({
  kind: sink,
  idempotent: false,
  parkedForPoison: 'batch',
  open: async () => {
    const stored: unknown[] = [];
    const receiver = await new FakeReceiver(({ path, headers, body }) => {
      if (path !== '/v1/logs') return { status: 404 };
      if (headers['authorization'] !== TOKEN) return { status: 401 };
      if (headers['content-type'] !== 'application/json') return { status: 415 };
      const { resourceLogs } = JSON.parse(body) as {
        resourceLogs: { scopeLogs: { logRecords: LogRecord[] }[] }[];
      };
      const records = resourceLogs.flatMap(({ scopeLogs }) =>
        scopeLogs.flatMap(({ logRecords }) => logRecords),
      );
      for (const record of records) {
        expect(record.timeUnixNano).toMatch(/^\d{19}$/);
        expect(record.attributes.find(({ key }) => key === 'vouchgate.index')?.value['intValue']).toMatch(
          /^\d+$/,
        );
      }
      const taken = records.filter((record) => !isPoison(record.body.stringValue));
      stored.push(...taken);
      const rejectedLogRecords = String(records.length - taken.length);
      const partialSuccess = { rejectedLogRecords, errorMessage: 'one is poison' };
      return { status: 200, body: JSON.stringify(rejectedLogRecords === '0' ? {} : { partialSuccess }) };
    }).listen();
    return {
      receiver,
      settings: { url: receiver.url, headers: { Authorization: { env: 'TOKEN' } } },
      secrets: { TOKEN },
      copy: () => stored,
    };
  },
});

describe('OTLP', () => {
  it.each([
    [500, 'refused'],
    [501, 'refused'],
    [502, 'retry'],
    [504, 'retry'],
    [429, 'retry'],
  ])('lets a request be sent again only after some answers: %i is %s', async (status, kind) => {
    const event = makeEvent(1);
    const opened = await sink.open(sink.settings.parse({ url: 'https://otel.acme.example:4318' }), {
      clock: { nowMs: () => 1 },
      log: silentLogger,
      fetch: async () => ({ status, headers: {}, body: '' }),
      allowPrivateHosts: [],
      resolveSecret: async () => new Secret(''),
      sleep: async () => {},
    });
    const documents = [{ event, index: 1, text: '{}', bytes: 2 }];
    const result = await opened.send(
      { origin: ORIGIN, documents, checkpoint: undefined },
      new AbortController().signal,
    );
    expect(result.trouble?.kind).toBe(kind);
  });
});
