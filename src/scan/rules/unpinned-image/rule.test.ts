import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (lines: readonly string[]) =>
  briefly(
    findingsOf(
      'unpinned-image',
      ['on: push', 'permissions: {}', 'jobs:', '  a:', ...lines.map((line) => `    ${line}`), ''].join('\n'),
    ),
  );
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const SECRET = 'steps: [{ run: x, env: { A: "${{ secrets.A }}" } }]';

it.each([
  ['container: node', '5 medium regular'],
  ['container: { image: "node:latest" }', '5 medium regular'],
  ['container: localhost:5000/node', '5 medium regular'],
  ['container: node:22', '5 info pedantic'],
  ['services: { db: { image: postgres } }', '5 low pedantic'],
])('judges %s in a job with secrets', (line, found) => {
  expect(check([line, SECRET])).toEqual([found]);
});

it.each(['container: "${{ inputs.image }}"', 'services: { db: { image: "${{ vars.DB || \'x\' }}" } }'])(
  'tells auditors that somebody else chooses: %s',
  (line) => {
    expect(check([line, SECRET])).toEqual(['5 info auditor']);
  },
);

it.each([
  ['docker://alpine', ['5 medium regular']],
  ['docker://alpine:3.20', ['5 info pedantic']],
  [`docker://alpine@${DIGEST}`, []],
  ['some/action@v1', []],
])('judges a step with %s', (uses, found) => {
  expect(check([`steps: [{ uses: '${uses}', env: { A: "\${{ secrets.A }}" } }]`])).toEqual(found);
});

it('is milder in a job that has nothing', () => {
  expect(check(['container: node', 'steps: [{ run: make }]'])).toEqual(['5 low pedantic']);
});

it.each([
  `container: node:22@${DIGEST}`,
  `container: node@${DIGEST}`,
  'container: "x@${{ inputs.digest }}@sha256:"',
])('says nothing about %s', (line) => {
  expect(check([line, SECRET])).toEqual([]);
});
