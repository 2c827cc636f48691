import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (step: string) =>
  findingsOf(
    'invalid-expression',
    `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${step}\n`,
  ).map(({ message }) => message);

it.each([
  ["run: echo ${{ github.sha }} ${{ format('{0}', github.ref) }}"],
  ['{ run: a, if: "contains(github.ref, \'x\') && !cancelled()" }'],
  ['name: "no ${ { expression"'],
  ['{ uses: a/b@v1, with: { x: "${{ case(true, 1, 2) }}" } }'],
])('reads %s', (step) => {
  expect(messages(step)).toEqual([]);
});

it.each([
  ['run: echo ${{ }}', 'this expression is empty'],
  ['run: echo ${{ github.sha', 'this is no expression: the closing "}}" is missing'],
  [
    'run: echo ${{ startWith(github.ref, 1) }}',
    'expressions have no function "startWith"; did you mean "startsWith"?',
  ],
])('refuses %s', (step, message) => {
  expect(messages(step)).toEqual([message]);
});

it('refuses operators of other languages in conditions', () => {
  expect(messages('{ run: a, if: github.ref_name = 1 }')).toHaveLength(1);
});

it('refuses expressions in texts that are too long, and no other long texts', () => {
  const long = 'a'.repeat(21_000);
  expect(messages(`run: "${long}"`)).toEqual([]);
  expect(messages(`run: "${long} \${{ github.sha }}"`)).toEqual([
    'an expression stands in a text of 21018 characters, and GitHub takes it in 21000 at most',
  ]);
});
