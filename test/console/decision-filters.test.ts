import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillBuckets, unitFor } from '../../console/src/features/decisions/buckets.ts';
import { webAddress, textAt, valueAt } from '../../console/src/features/decisions/read-body.ts';
import { queryOf, readDecisionSearch, spanOf } from '../../console/src/features/decisions/search.ts';
import { fileNameOf, piecesOf } from '../../console/src/features/record/export-range.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse('2026-11-23T10:30:00Z');

describe('filters in the address of the decisions page', () => {
  it('are read, and what does not fit is not there', () => {
    const search = readDecisionSearch({
      q: 'shop',
      outcome: 'denied,none',
      range: '24h',
      from: 'yesterday',
      repository: 'acme/shop',
      run: 7,
      resource: ['a'],
      __proto__: { actor: 'x' },
    });
    expect(search).toMatchObject({
      q: 'shop',
      outcome: ['denied'],
      range: '24h',
      repository: 'acme/shop',
      run: '7',
    });
    expect(search.from).toBeUndefined();
    expect(search.resource).toBeUndefined();
  });

  it('never fail, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.record({ q: fc.anything(), from: fc.anything(), outcome: fc.anything(), run: fc.anything() }),
        (any) => {
          const search = readDecisionSearch(any);
          const query = queryOf(search, spanOf(search, NOW_MS));
          expect((query.text ?? '').length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });

  it('begin at a whole hour, so that the same question has the same answer for a while', () => {
    expect(spanOf({ range: '24h' }, NOW_MS).from).toBe('2026-11-22T10:00:00.000Z');
    expect(spanOf({}, NOW_MS).from).toBe('2026-11-16T10:00:00.000Z');
    expect(spanOf({ range: 'all' }, NOW_MS)).toEqual({ from: undefined, to: undefined });
    const to = '2026-11-20T00:00:00.000Z';
    expect(spanOf({ range: '24h', to }, NOW_MS)).toEqual({ from: undefined, to });
  });
});

describe('the histogram', () => {
  const outcomes = { issued: 1, allowed: 0, failed: 0, denied: 2 };

  it('has every hour of its time, also those without a decision', () => {
    const fromMs = NOW_MS - 24 * HOUR_MS;
    expect(unitFor(fromMs, NOW_MS)).toBe('hour');
    const buckets = fillBuckets([{ start: '2026-11-23T09:00:00.000Z', outcomes }], 'hour', fromMs, NOW_MS);
    expect(buckets).toHaveLength(25);
    expect(buckets.at(-2)).toMatchObject({ label: 'Nov 23 09:00', outcomes });
    expect(buckets.at(-1)?.outcomes.denied).toBe(0);
    expect(buckets.every(({ endMs }, at) => endMs === (buckets[at + 1]?.startMs ?? endMs))).toBe(true);
  });

  it('begins at the first decision where no time was chosen, and stays within bounds', () => {
    expect(unitFor(undefined, NOW_MS)).toBe('day');
    const few = fillBuckets([{ start: '2026-11-20T00:00:00.000Z', outcomes }], 'day', undefined, NOW_MS);
    expect(few.map(({ label }) => label)).toEqual(['Nov 20', 'Nov 21', 'Nov 22', 'Nov 23']);
    expect(
      fillBuckets([{ start: '1970-01-01T00:00:00.000Z', outcomes }], 'day', undefined, NOW_MS),
    ).toHaveLength(400);
    expect(fillBuckets([], 'day', undefined, NOW_MS)).toHaveLength(1);
  });
});

describe('what stands in an event', () => {
  it('is read by own names only', () => {
    expect(textAt({ a: { b: 5 } }, 'a', 'b')).toBe('5');
    expect(valueAt({ a: 1 }, '__proto__')).toBeUndefined();
    expect(textAt({ a: 'x' }, 'a', 'length')).toBeUndefined();
    expect(textAt(null, 'a')).toBeUndefined();
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    ' JaVaScRiPt:alert(1)',
    '//x',
    'x',
    'file:///etc/passwd',
  ])('is no link when it is %s', (text) => {
    expect(webAddress(text)).toBeUndefined();
  });

  it('is a link when it leads to the web', () => {
    expect(webAddress('https://github.com/acme/shop/actions/runs/1')).toBe(
      'https://github.com/acme/shop/actions/runs/1',
    );
  });
});

describe('an export in pieces', () => {
  it('has every bundle once', () => {
    const pieces = piecesOf(3, 64);
    const bundles = pieces.flatMap(({ firstBundle, lastBundle }) =>
      Array.from({ length: lastBundle - firstBundle + 1 }, (_, at) => firstBundle + at),
    );
    expect(bundles).toEqual(Array.from({ length: 62 }, (_, at) => at + 3));
    expect(pieces.map((piece) => fileNameOf(piece, 16_400)).at(-1)).toBe('record-000016128-000016399.ndjson');
  });
});
