import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (text: string) =>
  findingsOf('malformed-action', `# --- action.yml\n${text}\n`).map(
    ({ persona, message }) => `${persona}: ${message}`,
  );
const runs = (text: string) => found(`name: a\ndescription: b\nruns: ${text}`);

it.each([
  ['{ main: x }', 'regular: the action does not say with what it runs: "using" is missing under runs'],
  ['{ using: node18, main: x }', 'regular: runners have no "node18" to run an action with'],
  ['{ using: node24 }', 'regular: an action that runs with node24 needs "main" under runs'],
  ['{ using: docker }', 'regular: an action that runs with docker needs "image" under runs'],
  ['{ using: composite }', 'regular: an action that runs with composite needs "steps" under runs'],
  [
    '{ using: composite, steps: [], env: {} }',
    'pedantic: GitHub skips "env" under the runs (composite) of an action',
  ],
])('%s', (text, message) => {
  expect(runs(text)).toEqual([message]);
});

it.each([
  '{ using: node24, main: x, pre: y, post-if: always() }',
  '{ using: docker, image: Dockerfile, args: [a], env: { A: b } }',
  '{ using: composite, steps: [{ run: a, shell: sh }] }',
])('accepts %s', (text) => {
  expect(runs(text)).toEqual([]);
});

it('is pedantic about texts, colours and keys of inputs', () => {
  expect(
    found('inputs: { a: { type: string } }\nbranding: { color: pink }\nruns: { using: node24, main: x }').map(
      (each) => each.split(':')[0],
    ),
  ).toEqual(['pedantic', 'pedantic', 'pedantic', 'pedantic']);
});
