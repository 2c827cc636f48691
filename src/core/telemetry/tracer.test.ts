import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoundedRequest } from '../bounded-fetch.ts';
import { silentLogger } from '../log.ts';
import { Secret } from '../secret.ts';
import { encodeSpans } from './otlp-spans.ts';
import { createSpanExporter } from './span-exporter.ts';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';
import { createTracer, type FinishedSpan } from './tracer.ts';

const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

function record(sampleRatio = 1) {
  const spans: FinishedSpan[] = [];
  return { spans, tracer: createTracer({ sampleRatio, onEnd: (span) => spans.push(span) }) };
}

describe('a traceparent', () => {
  test('is read as the recommendation says', () => {
    expect(parseTraceparent(PARENT)).toEqual({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      sampled: true,
    });
    expect(parseTraceparent(PARENT.replace(/01$/, '00'))?.sampled).toBe(false);
    expect(parseTraceparent(PARENT.replace(/^00/, '01'))).toBeDefined();
    expect(parseTraceparent(`${PARENT.replace(/^00/, '01')}-more`)).toBeDefined();
  });

  test.each([
    undefined,
    '',
    `${PARENT}-more`,
    PARENT.replace(/^00/, 'ff'),
    PARENT.toUpperCase(),
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
    ` ${PARENT}`,
    'x'.repeat(1_000_000),
  ])('that is not valid is none: %.40s', (text) => expect(parseTraceparent(text)).toBeUndefined());

  test('survives being written and read, and no text does harm', () => {
    const context = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), sampled: true };
    expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
    fc.assert(fc.property(fc.string(), (text) => void parseTraceparent(text)));
  });
});

describe('a trace', () => {
  test('goes on with the caller’s, and holds its parts in their order', async () => {
    const { spans, tracer } = record();
    const result = await tracer.root(
      'exchange',
      PARENT,
      async () => {
        const value = await tracer.span('verify', async () => {
          await delay(2);
          return 1;
        });
        return value + tracer.span('policy', () => 1);
      },
      (sum) => ({ sum }),
    );
    expect(result).toBe(2);
    expect(spans.map(({ name }) => name)).toEqual(['verify', 'policy', 'exchange']);
    const [verify, policy, root] = spans;
    expect(spans.every(({ traceId }) => traceId === 'a'.repeat(32))).toBe(true);
    expect(root).toMatchObject({ parentSpanId: 'b'.repeat(16), kind: 'server', attributes: { sum: 2 } });
    expect([verify?.parentSpanId, policy?.parentSpanId]).toEqual([root?.spanId, root?.spanId]);
    expect((verify?.endNanos ?? 0n) - (verify?.startNanos ?? 0n)).toBeGreaterThan(1_000_000n);
  });

  test('keeps those that run at the same time apart', async () => {
    const { spans, tracer } = record();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        tracer.root('exchange', undefined, async () => {
          await delay(1);
          return tracer.span('part', () => tracer.traceparent());
        }),
      ),
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(20);
    for (const part of spans.filter(({ name }) => name === 'part'))
      expect(spans.find(({ spanId }) => spanId === part.parentSpanId)?.traceId).toBe(part.traceId);
  });

  test('says that a part failed, and lets the error through', async () => {
    const { spans, tracer } = record();
    const failing = tracer.root('exchange', undefined, async () => {
      await tracer.span('issue', () => Promise.reject(new Error('a secret word')));
    });
    await expect(failing).rejects.toThrow('a secret word');
    expect(spans.map(({ failed }) => failed)).toEqual([true, true]);
    expect(encodeSpans(spans, { name: 'n', version: 'v' })).not.toContain('a secret word');
  });

  test('is not begun where nobody wants one, or by a caller who does not', async () => {
    const off = record(0);
    expect(await off.tracer.root('exchange', PARENT, async () => off.tracer.traceparent())).toBeUndefined();
    const on = record();
    await on.tracer.root('exchange', PARENT.replace(/01$/, '00'), async () =>
      on.tracer.span('part', () => 1),
    );
    expect([...off.spans, ...on.spans]).toEqual([]);
  });

  test('cannot be forced by callers beyond the ratio', async () => {
    const { spans, tracer } = record(0.1);
    for (let at = 0; at < 1_000; at += 1) await tracer.root('exchange', PARENT, async () => 1);
    expect(spans.length).toBeGreaterThan(40);
    expect(spans.length).toBeLessThan(200);
  });
});

describe('the exporter', () => {
  const span: FinishedSpan = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: undefined,
    name: 'exchange',
    kind: 'server',
    startNanos: 1_700_000_000_000_000_001n,
    endNanos: 1_700_000_000_000_000_002n,
    attributes: { reason: 'none', count: 3, share: 0.5, cached: true },
    failed: false,
  };

  function open(answers: { status: number; body?: string; headers?: Record<string, string> }[]) {
    const requests: BoundedRequest[] = [];
    const outcomes: Record<string, number> = {};
    const time = { nowMs: 1_000 };
    const exporter = createSpanExporter({
      endpoint: 'https://collector.example/v1/traces',
      headers: { authorization: new Secret('Bearer t') },
      fetch: async (_url, request) => {
        requests.push(request);
        const { status, body = '{}', headers = {} } = answers.shift() ?? { status: 200 };
        if (status === 0) throw new Error('reset');
        return { status, body, headers };
      },
      service: { name: 'vouchgate', version: '1' },
      clock: { nowMs: () => time.nowMs },
      log: silentLogger,
      onOutcome: (outcome, count) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      },
    });
    return { exporter, requests, outcomes, time };
  }

  test('sends OTLP in JSON', async () => {
    const { exporter, requests, outcomes } = open([]);
    exporter.add(span);
    await exporter.flush();
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'application/json',
    });
    const sent: unknown = JSON.parse(String(requests[0]?.body));
    expect(sent).toMatchObject({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'vouchgate' } }, {}] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: 'a'.repeat(32),
                  kind: 2,
                  startTimeUnixNano: '1700000000000000001',
                  attributes: [
                    { key: 'reason', value: { stringValue: 'none' } },
                    { key: 'count', value: { intValue: '3' } },
                    { key: 'share', value: { doubleValue: 0.5 } },
                    { key: 'cached', value: { boolValue: true } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(outcomes).toEqual({ exported: 1 });
  });

  test('drops and counts what does not fit while the collector is away', async () => {
    const { exporter, requests, outcomes } = open([{ status: 0 }]);
    for (let at = 0; at < 5_000; at += 1) exporter.add(span);
    await exporter.flush();
    await exporter.flush();
    expect(requests).toHaveLength(1);
    expect(outcomes).toEqual({ dropped: 904 });
  });

  test('waits as long as it is told, and loses nothing', async () => {
    const { exporter, requests, outcomes, time } = open([
      { status: 503, headers: { 'retry-after': '7' } },
      { status: 200 },
    ]);
    exporter.add(span);
    await exporter.flush();
    time.nowMs += 6_999;
    await exporter.flush();
    expect(requests).toHaveLength(1);
    time.nowMs += 1;
    await exporter.flush();
    expect([requests.length, outcomes]).toEqual([2, { exported: 1 }]);
  });

  test('never sends again what was refused', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: '1' } });
    const { exporter, requests, outcomes } = open([{ status: 200, body }, { status: 400 }]);
    exporter.add(span);
    exporter.add(span);
    await exporter.flush();
    exporter.add(span);
    await exporter.flush();
    await exporter.flush();
    expect([requests.length, outcomes]).toEqual([2, { refused: 2, exported: 1 }]);
  });
});
