import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const workflow = (needs: Readonly<Record<string, string>>) =>
  `on: push\njobs:\n${Object.entries(needs)
    .map(([id, need]) => `  ${id}: { runs-on: x, needs: ${need}, steps: [{ run: a }] }\n`)
    .join('')}`;
const messages = (needs: Readonly<Record<string, string>>) =>
  findingsOf('unknown-need', workflow(needs)).map(({ message }) => message);

it('names the job that was meant', () => {
  expect(messages({ build: '[]', deploy: '[biuld]' })).toEqual([
    'the job deploy needs "biuld", and there is no such job; did you mean "build"?',
  ]);
});

it('compares without case', () => {
  expect(messages({ Build: '[]', deploy: 'build' })).toEqual([]);
});

it('reports a circle once, and the jobs behind it not at all', () => {
  expect(messages({ a: 'c', b: 'a', c: 'b', d: 'a' })).toEqual([
    'jobs wait for each other and none can start: a → c → b → a',
  ]);
  expect(messages({ a: 'a' })).toHaveLength(1);
});
