import { expect } from 'vitest';
import { FakeReceiver } from '../receiver.fake.ts';
import { describeSink, isPoison } from '../sink.contract.ts';
import { sink } from './sink.ts';

const KEY = ['0123456789abcdef', '0123456789abcdef'].join('');

describeSink({
  kind: sink,
  idempotent: false,
  parkedForPoison: 'one',
  open: async () => {
    const stored: unknown[] = [];
    const receiver = new FakeReceiver(({ method, path, headers, body, bytes }) => {
      if (method !== 'POST' || path !== '/api/v2/logs') return { status: 404 };
      if (headers['dd-api-key'] !== KEY) return { status: 403 };
      if (headers['content-encoding'] !== 'gzip' || bytes.readUInt16BE(0) !== 0x1f8b) return { status: 415 };
      if (body.length > 5_000_000) return { status: 413 };
      const logs = JSON.parse(body) as Record<string, unknown>[];
      if (!Array.isArray(logs) || logs.length > 1_000) return { status: 413 };
      if (logs.some((log) => isPoison(JSON.stringify(log)))) return { status: 400 };
      for (const log of logs) {
        expect(log).toMatchObject({ ddsource: 'vouchgate', service: 'vouchgate', ddtags: 'env:test' });
        expect(log['message']).toMatch(/^decision\.denied/);
        // As an export shows it: what is not reserved is an attribute.
        stored.push({ id: 'x', attributes: { attributes: log } });
      }
      return { status: 202, body: '{}' };
    });
    await receiver.listen();
    return {
      receiver,
      settings: { url: receiver.url, apiKey: { env: 'DD_KEY' }, tags: ['env:test'] },
      secrets: { DD_KEY: KEY },
      copy: () => stored,
    };
  },
});
