import { describe, expect, it } from 'vitest';
import { toDocument } from '../mapping/document.ts';
import { makeEvent, ORIGIN } from './delivery.fake.ts';
import { unwrapCopy } from './unwrap-copy.ts';

const document: unknown = JSON.parse(
  JSON.stringify(toDocument('vouchgate', makeEvent(1), { origin: ORIGIN, index: 1 })),
);
const text = JSON.stringify(document);

describe('the copy of an event', () => {
  it.each<[string, unknown]>([
    ['a document', document],
    ['a line', text],
    ['a search hit of Elasticsearch', { _index: 'x', _source: document }],
    ['a row of a search in Splunk', { result: { _raw: text } }],
    ['an event sent to a collector', { time: 1, event: document, fields: { vouchgate_index: 1 } }],
    ['a log of Datadog', { attributes: { attributes: { document, service: 'vouchgate' } } }],
    ['a line of an export of it', JSON.stringify({ content: { attributes: { document } } })],
    ['a record of OpenTelemetry', { body: { stringValue: text } }],
    [
      'a line of syslog',
      `<108>1 2027-01-15T08:00:00Z h vouchgate - x [vouchgate@32473 id="a \\] {"] ${text}`,
    ],
    ['an entry of the journal', { MESSAGE: text }],
  ])('is found in %s', (_, wrapped) => {
    expect(unwrapCopy(wrapped)).toEqual(document);
  });

  it('is not found in what holds none, however deep or long', () => {
    let deep: unknown = document;
    for (let level = 0; level < 2_000; level += 1) deep = { event: deep };
    for (const value of [deep, 'text', '{', 5, null, {}, { message: 'text' }, '['.repeat(1_000_000)])
      expect(unwrapCopy(value)).toBeUndefined();
    const started = performance.now();
    expect(unwrapCopy('] {'.repeat(350_000))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
