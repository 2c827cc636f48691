import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (caller: string, callee: string) =>
  findingsOf(
    'refused-permissions',
    `# --- .github/workflows/a.yml\non: push\njobs: { a: { ${caller} uses: ./.github/workflows/b.yml } }\n# --- .github/workflows/b.yml\non: workflow_call\njobs: { b: { ${callee} runs-on: x, steps: [{ run: a }] } }\n`,
  ).map(({ message }) => /wants (.*?), which/.exec(message)?.[1]);

it.each([
  ['permissions: { contents: write },', 'permissions: { contents: read },'],
  ['permissions: write-all,', 'permissions: { id-token: write },'],
  ['permissions: read-all,', 'permissions: read-all,'],
  ['permissions: {},', 'permissions: {},'],
  ['permissions: {},', ''],
  ['', 'permissions: { contents: write },'],
])('%s is enough for %s', (caller, callee) => {
  expect(found(caller, callee)).toEqual([]);
});

it.each([
  ['permissions: { contents: read },', 'permissions: { contents: write },', 'contents: write'],
  [
    'permissions: { contents: read },',
    'permissions: { issues: read, pull-requests: write },',
    'issues: read, pull-requests: write',
  ],
  ['permissions: read-all,', 'permissions: { id-token: write },', 'id-token: write'],
  ['permissions: read-all,', 'permissions: write-all,', 'write-all'],
])('%s is too little for %s', (caller, callee, wanted) => {
  expect(found(caller, callee)).toEqual([wanted]);
});

it('follows calls of calls', () => {
  const files = (permissions: string) =>
    `# --- .github/workflows/a.yml\non: push\njobs: { a: { ${permissions} uses: ./.github/workflows/b.yml } }\n# --- .github/workflows/b.yml\non: workflow_call\njobs: { b: { uses: ./.github/workflows/c.yml } }\n# --- .github/workflows/c.yml\non: workflow_call\njobs: { c: { permissions: { actions: write }, runs-on: x, steps: [{ run: a }] } }\n`;
  expect(findingsOf('refused-permissions', files('permissions: {},'))).toHaveLength(1);
  expect(findingsOf('refused-permissions', files('permissions: { actions: write },'))).toEqual([]);
  expect(findingsOf('refused-permissions', files(''))).toEqual([]);
});
