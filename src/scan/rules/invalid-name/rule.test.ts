import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('invalid-name', text).map(({ message }) => message);
const workflow = (jobs: string) => messages(`on: push\njobs: ${jobs}\n`);
const job = (body: string) => workflow(`{ a: { runs-on: x, ${body} } }`);

it('knows what ids are made of', () => {
  expect(workflow('{ 1a: { runs-on: x, steps: [{ run: a }] } }')).toHaveLength(1);
  expect(workflow('{ _a-1: { runs-on: x, steps: [{ id: B_2, run: a }] } }')).toEqual([]);
  expect(job('steps: [{ id: a b, run: a }, { id: __x, run: a }]')).toEqual([
    '"a b" is no id of a step: it has to begin with a letter or _, and to go on with letters, digits, - and _',
    '"__x" is no id of a step: names with two underscores in front belong to GitHub',
  ]);
  expect(job('steps: [{ id: "${{ github.sha }}", run: a }]')).toHaveLength(1);
});

it('compares ids of steps without case, job by job', () => {
  expect(job('steps: [{ id: One, run: a }, { id: one, run: a }]')).toEqual([
    'the job a has two steps with the id "one"',
  ]);
  expect(
    workflow(
      '{ a: { runs-on: x, steps: [{ id: s, run: a }] }, b: { runs-on: x, steps: [{ id: s, run: a }] } }',
    ),
  ).toEqual([]);
});

it('compares keys without case', () => {
  expect(job('steps: [{ run: a, env: { Path: 1, PATH: 2 } }]')).toEqual([
    'the key "PATH" stands twice at the same level; GitHub compares keys without case',
  ]);
  expect(job('env: &e { A: 1 }, steps: [{ run: a, env: *e }]')).toEqual([]);
});

it('finds variables that cannot be read', () => {
  expect(job('env: { "A B": 1, "C=D": 2 }, steps: [{ run: a }]')).toHaveLength(2);
});

it('finds a need that is written twice', () => {
  const text =
    'on: push\njobs: { a: { runs-on: x, steps: [{ run: a }] }, b: { runs-on: x, needs: [a, A], steps: [{ run: a }] } }\n';
  expect(findingsOf('invalid-name', text).map(({ persona }) => persona)).toEqual(['pedantic']);
});
