import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (permissions: string) =>
  findingsOf('undocumented-permission', `on: push\npermissions:${permissions}\njobs: {}\n`).map(
    ({ message }) => message,
  );

it('says it once for a block', () => {
  expect(check('\n  issues: write\n  pages: read')).toEqual([
    'nothing says what this workflow needs `issues: write` and 1 more for',
  ]);
  expect(check(' { issues: write }')).toHaveLength(1);
});

it.each([
  '\n  issues: write # labels',
  '\n  # labels\n  issues: write',
  ' { issues: write } # labels',
  '\n  contents: read',
  '\n  issues: none',
  ' {}',
])('is content with%s', (permissions) => {
  expect(check(permissions)).toEqual([]);
});
