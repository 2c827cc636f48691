import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (matrix: string) =>
  findingsOf(
    'invalid-matrix',
    `on: push\njobs: { a: { runs-on: x, strategy: { matrix: ${matrix} }, steps: [{ run: a }] } }\n`,
  ).map(({ persona, message }) => `${persona}: ${message}`);

it.each([
  '{ os: [a, b], exclude: [{ os: a }] }',
  '{ os: [{ name: a, arch: x }], exclude: [{ os: { name: a } }] }',
  '{ node: [1.0, "2"], exclude: [{ node: 1 }, { node: 2 }] }',
  '{ os: "${{ fromJSON(vars.os) }}", exclude: [{ os: z }] }',
  '{ os: [a, "${{ inputs.os }}"], exclude: [{ os: z }] }',
  '{ "${{ insert }}": "${{ fromJSON(vars.m) }}", exclude: [{ os: z }] }',
  '{ include: [{ os: a }, { os: a }] }',
  '"${{ fromJSON(vars.m) }}"',
])('accepts %s', (matrix) => {
  expect(found(matrix)).toEqual([]);
});

it.each([
  [
    '{ os: [a], exclude: [{ so: a }] }',
    'regular: the matrix of the job a has no "so" to exclude; did you mean "os"?',
  ],
  [
    '{ os: [a], exclude: [{ os: c }] }',
    'pedantic: the matrix of the job a has no such value of "os" to exclude',
  ],
  ['{ os: [a, b, a] }', 'pedantic: "a" stands twice in os of the matrix of the job a'],
])('%s', (matrix, message) => {
  expect(found(matrix)).toEqual([message]);
});

it('counts the jobs', () => {
  const row = `[${Array.from({ length: 17 }, (_, index) => index).join(', ')}]`;
  expect(found(`{ a: ${row}, b: ${row} }`)).toEqual([
    'regular: the matrix of the job a comes to 289 jobs, and GitHub starts none of more than 256',
  ]);
});
