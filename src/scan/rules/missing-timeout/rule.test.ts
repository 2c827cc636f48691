import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (...jobs: string[]) =>
  findingsOf(
    'missing-timeout',
    `on: push\njobs:\n${jobs.map((body, index) => `  j${index}: ${body}\n`).join('')}`,
  ).map(({ message }) => message);
const ENDLESS = '{ runs-on: x, steps: [{ run: a }] }';

it('says it once for a workflow', () => {
  expect(messages(ENDLESS)).toEqual(['the job j0 has no limit of time']);
  expect(messages(...Array.from({ length: 6 }, () => ENDLESS))).toEqual([
    'the jobs j0, j1, j2, j3 and 2 more have no limit of time',
  ]);
});

it('is content with a limit on the job or on each step, and with calls', () => {
  expect(messages('{ runs-on: x, timeout-minutes: 5, steps: [{ run: a }] }')).toEqual([]);
  expect(messages('{ runs-on: x, steps: [{ run: a, timeout-minutes: 5 }] }')).toEqual([]);
  expect(messages('{ uses: a/b/c.yml@v1 }')).toEqual([]);
});
