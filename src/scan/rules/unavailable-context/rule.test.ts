import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('unavailable-context', text).map(({ message }) => message);
const job = (body: string) => messages(`on: push\njobs:\n  a:\n    ${body}\n`);

it.each([
  ['{ runs-on: x, if: "matrix.x == 1", steps: [] }', 'jobs.if does not know the context "matrix"'],
  [
    '{ runs-on: "${{ hashFiles(1) }}", steps: [] }',
    'hashFiles() works in steps only, not in jobs.runs-on: no file is there before',
  ],
  ['{ runs-on: x, needs: "${{ github.x }}", steps: [] }', 'jobs.needs does not know the context "github"'],
  [
    '{ runs-on: x, container: { image: a, options: "${{ env.x }}" }, steps: [] }',
    'container.options does not know the context "env"',
  ],
  ['{ runs-on: "${{ env.x }}", steps: [] }', 'jobs.runs-on does not know the context "env"'],
  ['{ runs-on: x, steps: [{ run: a, if: "secrets.x" }] }', 'steps.if does not know the context "secrets"'],
  [
    '{ runs-on: x, steps: [{ run: "${{ always() }}" }] }',
    'always() works in conditions only, not in steps.run',
  ],
  [
    '{ runs-on: x, steps: [{ run: "${{ mtrix.a }}" }] }',
    'there is no context "mtrix"; did you mean "matrix"?',
  ],
])('refuses %s', (body, message) => {
  expect(job(body)).toEqual([message]);
});

it.each([
  '{ runs-on: "${{ matrix.x }}", steps: [{ run: "${{ secrets.x }}${{ steps.a.outputs.b }}" }] }',
  '{ runs-on: x, if: "always() && needs.b.result && inputs.c && vars.d", steps: [] }',
  '{ uses: a/b/c.yml@v1, with: { x: "${{ matrix.x }}" }, secrets: { y: "${{ secrets.y }}" } }',
  '{ runs-on: x, environment: { name: a, url: "${{ steps.a.outputs.url }}" }, steps: [] }',
  '{ runs-on: x, steps: [{ uses: a/b@v1, with: { if: "${{ secrets.y }}" } }] }',
])('accepts %s', (body) => {
  expect(job(body)).toEqual([]);
});

it('knows that composite actions get no secrets', () => {
  const action =
    '# --- action.yml\nruns:\n  using: composite\n  steps: [{ run: "${{ secrets.x }}", shell: sh }]\n';
  expect(messages(action)).toEqual(['steps.run does not know the context "secrets"']);
});

it('accepts the outputs of jobs in those of a called workflow', () => {
  const text =
    'on:\n  workflow_call:\n    outputs:\n      a: { value: "${{ jobs.a.outputs.b }}" }\njobs: {}\n';
  expect(messages(text)).toEqual([]);
});
