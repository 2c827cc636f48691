import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';
import { findHiddenCharacters } from './hidden-characters.ts';

const codes = (text: string) =>
  [...findHiddenCharacters(text)].map(({ kind, code }) => `${kind} ${code.toString(16)}`);
const file = (text: string) =>
  findingsOf('hidden-characters', `on: push\njobs: { a: { runs-on: x, steps: [{ run: "${text}" }] } }\n`);

it.each([
  ['a\u202eb', 'reorders 202e'],
  ['a\u200fb', 'reorders 200f'],
  ['a\u200bb', 'invisible 200b'],
  ['a\u2028b', 'invisible 2028'],
  ['a\u{e0041}', 'carries e0041'],
  ['a\u{e0100}', 'carries e0100'],
  ['a\ufeffb', 'invisible feff'],
])('finds %j', (text, code) => {
  expect(codes(text)).toEqual([code]);
});

it.each([
  '\ufeffa byte order mark',
  'a family: \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'a heart: \u2764\ufe0f',
  'a flag: \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  'überall, 日本語, עברית',
])('lets %j be', (text) => {
  expect(codes(text)).toEqual([]);
});

it('says it once for a line, and ranks by what it does', () => {
  expect(file('a\u200bb\u200bc').map(({ severity }) => severity)).toEqual(['low']);
  expect(file('a\u200bb\u202ec').map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    'high a character that reorders text (U+202E) stands in this line and 1 more like it: a reviewer does not see what the runner reads',
  ]);
});

it('also reads files that are no definitions', () => {
  expect(findingsOf('hidden-characters', '# --- .github/workflows/a.yml\n[\u202e')).toHaveLength(1);
});

it('takes no longer for a megabyte', () => {
  const started = threadMs();
  expect(file('\u200b'.repeat(300_000))).toHaveLength(1);
  expect(threadMs() - started).toBeLessThan(3000);
});

it('reads files of GitLab, too', () => {
  const text = '# --- .gitlab-ci.yml\nbuild: { script: ["make # \u202e tset"] }\n';
  expect(findingsOf('hidden-characters', text)).toHaveLength(1);
});
