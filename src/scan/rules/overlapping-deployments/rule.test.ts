import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const count = (top: string, job = '') =>
  findingsOf(
    'overlapping-deployments',
    `${top}\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n      - run: helm upgrade app .\n`,
  ).length;

it('wants one deployment at a time', () => {
  expect(count('on: push')).toBe(1);
  expect(count('on: push\nconcurrency: deploy')).toBe(0);
  expect(count('on: push', '    concurrency: deploy\n')).toBe(0);
});

it('leaves that to the caller of a workflow', () => {
  expect(count('on: workflow_call')).toBe(0);
});
