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

it('is pedantic where GitHub skips keys', () => {
  const text =
    'on: { workflow_dispatch: { branches: [a] } }\njobs: { a: { runs-on: x, steps: [{ run: a }] } }\n';
  expect(findingsOf('unknown-key', text).map(({ persona }) => persona)).toEqual(['pedantic']);
});

it('looks at every level, and knows no merge keys', () => {
  const job = (line: string) =>
    messages(`on: push\njobs: { a: { runs-on: x, ${line}, steps: [{ run: a }] } }\n`);
  expect(job('container: { image: a, port: [1] }')).toEqual([
    'GitHub knows no "port" in a container; did you mean "ports"?',
  ]);
  expect(job('concurrency: { group: a, cancel-in-progres: true }')).toHaveLength(1);
  expect(job('env: { <<: { A: 1 } }')).toEqual([
    'GitHub reads anchors and aliases, and no merge keys: "<<" is an unknown key for it',
  ]);
  expect(messages(step('{ uses: a/b@v1, shell: sh }'))).toEqual([
    'GitHub knows no "shell" in a step that uses an action',
  ]);
});
