import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string, inputs: string, permissions = '{}') =>
  briefly(
    findingsOf(
      'unpinned-tool',
      `on: push\njobs:\n  a:\n    permissions: ${permissions}\n    steps:\n      - uses: ${uses}\n        with: ${inputs}\n`,
    ),
  );

it('counts more where there is something to take', () => {
  expect(check('azure/setup-helm@v4', '{ version: latest }')).toEqual(['7 low pedantic']);
  expect(check('azure/setup-helm@v4', '{ version: latest }', '{ id-token: write }')).toEqual([
    '7 low regular',
  ]);
  expect(check('azure/setup-helm@v4', '{}', '{ id-token: write }')).toEqual(['6 low pedantic']);
});

it('finds actions in folders', () => {
  expect(check('superfly/flyctl-actions/setup-flyctl@1', '{}')).toEqual(['6 low pedantic']);
});

it('tells auditors when somebody else names the version', () => {
  expect(check('azure/setup-helm@v4', '{ version: "${{ inputs.version }}" }')).toEqual(['7 info auditor']);
  const text = `on: push\nenv: { HELM: v3.18.0 }\njobs:\n  a:\n    steps:\n      - uses: azure/setup-helm@v4\n        with: { version: "\${{ env.HELM }}" }\n`;
  expect(findingsOf('unpinned-tool', text)).toEqual([]);
});

it.each([
  ['azure/setup-helm@v4', '{ version: v3.18.0 }'],
  ['goreleaser/goreleaser-action@v6', '{ version: "~> v2" }'],
  ['astral-sh/setup-uv@v6', '{}'],
  ['some-owner/setup-thing@v1', '{ version: latest }'],
])('says nothing about %s with %s', (uses, inputs) => {
  expect(check(uses, inputs)).toEqual([]);
});
