import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (on: string, cache: string, then = 'make') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${cache}\n      - run: ${then}\n`;
const check = (text: string, asOf = '2026-01-01') => briefly(findingsOf('cache-poisoning', text, { asOf }));

it('fires where something is published', () => {
  expect(check(workflow('release', 'actions/cache@v4'))).toEqual(['6 high regular']);
  expect(check(workflow('push', 'actions/cache@v4', 'npm publish'))).toEqual(['6 high regular']);
  expect(check(workflow('{ push: { tags: [v*] } }', 'actions/setup-go@v5'))).toEqual(['6 high regular']);
});

it('is milder since outsiders cannot write the shared cache', () => {
  expect(check(workflow('release', 'actions/cache@v4'), '2026-11-01')).toEqual(['6 medium regular']);
});

it('leaves builds, and steps that only save, alone', () => {
  expect(check(workflow('push', 'actions/cache@v4'))).toEqual([]);
  expect(check(workflow('release', 'actions/cache/save@v4'))).toEqual([]);
  expect(check(workflow('release', 'actions/setup-node@v4'))).toEqual([]);
});
