import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('unknown-key', text).map(({ message }) => message);
const step = (line: string) => `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${line}\n`;

it('names the key that was meant', () => {
  expect(messages(step('runs: make'))).toEqual(['GitHub knows no "runs" in a step; did you mean "run"?']);
  expect(messages('on: push\nenvs: {}\njobs: {}\n')).toEqual([
    'GitHub knows no "envs" at the top of a workflow; did you mean "env"?',
  ]);
  expect(messages('on: push\npermissions:\n  content: read\njobs: {}\n')).toEqual([
    'GitHub knows no "content" among the permissions; did you mean "contents"?',
  ]);
});

it('guesses nothing when nothing is near', () => {
  expect(messages(step('{ run: make, colour: red }'))).toEqual(['GitHub knows no "colour" in a step']);
});

it('knows what came in 2026, and that composite steps have no timeout', () => {
  expect(messages(step('{ run: make, background: true, id: a }'))).toEqual([]);
  const action =
    '# --- action.yml\nruns:\n  using: composite\n  steps:\n    - { run: a, shell: sh, timeout-minutes: 1 }\n';
  expect(messages(action)).toEqual(['GitHub knows no "timeout-minutes" in a step of a composite action']);
});

it('lets names that people choose be', () => {
  expect(messages(step('{ uses: a/b@v1, with: { anything: 1 }, env: { OTHER: 1 } }'))).toEqual([]);
});
