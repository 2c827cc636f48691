import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (uses: string) =>
  findingsOf('outdated-action', `on: push\njobs: { a: { runs-on: x, steps: [{ uses: "${uses}" }] } }\n`).map(
    ({ persona, message }) => `${persona}: ${message}`,
  );

it.each([
  ['actions/checkout@v2', 'pedantic: actions/checkout 2 was written for Node.js 12'],
  ['Actions/Cache@v3.2.1', 'pedantic: actions/cache 3 was written for Node.js 16'],
  ['actions/checkout@v4', 'auditor: actions/checkout 4 was written for Node.js 20'],
  ['github/codeql-action/init@v2', 'pedantic: github/codeql-action 2 was written for Node.js 16 or older'],
])('%s', (uses, message) => {
  expect(found(uses)).toEqual([message]);
});

it.each([
  'actions/checkout@v6',
  'actions/checkout@main',
  'actions/checkout@v99',
  'github/codeql-action/init@v3',
  './x',
])('says nothing of %s', (uses) => {
  expect(found(uses)).toEqual([]);
});
