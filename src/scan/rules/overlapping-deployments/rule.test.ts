import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const count = (top: string, job = '') =>
  findingsOf(
    'overlapping-deployments',
    `${top}\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n      - run: helm upgrade app .\n`,
  ).filter(({ persona }) => persona === 'pedantic').length;

it('wants one deployment at a time', () => {
  expect(count('on: push')).toBe(1);
  expect(count('on: push\nconcurrency: deploy')).toBe(0);
  expect(count('on: push', '    concurrency: deploy\n')).toBe(0);
});

it('tells auditors where nothing limits the runs, or nothing ends the older ones', () => {
  const lines = (text: string) =>
    findingsOf('overlapping-deployments', text).map(({ locations }) =>
      locations.map(({ start }) => start.line),
    );
  const jobs = 'jobs:\n  a: { steps: [{ run: make }] }\n  b: { concurrency: x, steps: [{ run: make }] }\n';
  expect(lines(`on: push\n${jobs}`)).toEqual([[1, 3], [4]]);
  expect(lines(`on: push\nconcurrency: x\n${jobs}`)).toEqual([[2]]);
  expect(lines(`on: push\nconcurrency: { group: x, cancel-in-progress: true }\n${jobs}`)).toEqual([]);
});

it('leaves that to the caller of a workflow', () => {
  expect(count('on: workflow_call')).toBe(0);
});

it.each([
  ['', ['runs of "a" can overtake each other while they deploy (helm upgrade)']],
  ['resource_group: live', []],
  [
    'resource_group: live\n  interruptible: true',
    ['a newer pipeline ends "a" in the middle of its deployment'],
  ],
])('judges a job of GitLab with %j', (more, expected) => {
  const text = `# --- .gitlab-ci.yml\na:\n  script: [helm upgrade a b]\n  ${more}\n`;
  expect(findingsOf('overlapping-deployments', text).map(({ message }) => message)).toEqual(expected);
});
