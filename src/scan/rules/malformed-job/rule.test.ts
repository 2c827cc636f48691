import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('malformed-job', text).map(({ message }) => message);
const job = (body: string) => messages(`on: push\njobs:\n  a: ${body}\n`);

it.each([
  ['{ steps: [{ run: a }] }', 'the job a has no "runs-on"'],
  ['{ name: x }', 'the job a has no "runs-on" and no "steps"'],
  ['{ runs-on: x, steps: [] }', 'the job a has no step'],
  [
    '{ runs-on: x, with: { a: 1 }, steps: [{ run: a }] }',
    'the job a gives "with" to nobody: only a job that calls a workflow with "uses" can',
  ],
  [
    '{ runs-on: x, uses: a/b/c.yml@v1 }',
    'the job a calls a workflow with "uses" and cannot have "runs-on" as well',
  ],
  ['{ runs-on: x, steps: [{ run: a, uses: a/b@v1 }] }', 'the step number 1 has both "run" and "uses"'],
  ['{ runs-on: x, steps: [{ id: z }] }', 'the step z has neither "run" nor "uses"'],
  [
    '{ runs-on: x, steps: [{ run: a, with: {} }] }',
    'the step number 1 gives "with" to a script; only actions take inputs',
  ],
])('%s: %s', (body, message) => {
  expect(job(body)).toEqual([message]);
});

it.each([
  '{ uses: a/b/c.yml@v1, with: { x: 1 }, strategy: { matrix: { x: [1] } } }',
  '{ runs-on: x, steps: [{ parallel: [{ run: a }] }, { wait: z }] }',
])('accepts %s', (body) => {
  expect(job(body)).toEqual([]);
});

it('wants a shell in composite actions', () => {
  expect(messages('# --- action.yml\nruns: { using: composite, steps: [{ run: a }] }\n')).toHaveLength(1);
  expect(messages('# --- action.yml\nruns: { using: composite, steps: [{ run: a, shell: sh }] }\n')).toEqual(
    [],
  );
});
