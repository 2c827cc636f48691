import { expect, test } from 'vitest';
import { ReportContent } from './report-content.ts';
import { xmlRootName } from './xml-root-name.ts';

function rootOf(text: string): string | undefined {
  return xmlRootName(new ReportContent('r.xml', Buffer.from(text)));
}

test('the first element is found behind a prolog, without its prefix', () => {
  expect(rootOf('<a/>')).toBe('a');
  expect(rootOf('\uFEFF<?xml version="1.0"?>\n<!-- <b> --><ns2:Audit x="1">')).toBe('Audit');
  expect(
    rootOf('<!DOCTYPE issues [\n<!ELEMENT issues (issue*)>\n<!ATTLIST a b CDATA "">\n]>\n<issues>'),
  ).toBe('issues');
  expect(rootOf('<!DOCTYPE niktoscan SYSTEM "docs/nikto.dtd">\n<niktoscan>')).toBe('niktoscan');
});

test('what has none is none', () => {
  expect(rootOf('{}')).toBeUndefined();
  expect(rootOf('<!-- never ends')).toBeUndefined();
  expect(rootOf('<?xml')).toBeUndefined();
  expect(rootOf('< a>')).toBeUndefined();
  expect(rootOf('<!'.repeat(100_000))).toBeUndefined();
});
