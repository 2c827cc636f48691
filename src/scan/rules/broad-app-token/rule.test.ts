import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string, inputs: string) =>
  briefly(
    findingsOf(
      'broad-app-token',
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n        with: { app-id: 1, ${inputs} }\n`,
    ),
  );
const OFFICIAL = 'actions/create-github-app-token@v2';

it('tells repositories, permissions and lifetime apart', () => {
  expect(check(OFFICIAL, 'owner: us, permission-issues: read')).toEqual(['7 medium regular']);
  expect(check(OFFICIAL, 'repositories: a')).toEqual(['6 low pedantic']);
  expect(check(OFFICIAL, 'permission-issues: read, skip-token-revoke: true')).toEqual(['7 low regular']);
});

it('is content with limits, and without an owner: then it is this repository', () => {
  expect(check(OFFICIAL, 'permission-issues: read')).toEqual([]);
  expect(check(OFFICIAL, 'owner: us, repositories: a, permission-issues: read')).toEqual([]);
  expect(check(OFFICIAL, 'owner: us, permission-members: read')).toEqual([]);
});

it('knows other actions for the same', () => {
  expect(check('tibdex/github-app-token@v2', 'x: y')).toEqual(['6 low pedantic']);
  expect(check('tibdex/github-app-token@v2', `permissions: '{"issues":"read"}'`)).toEqual([]);
});

it('sets the lifetime right', () => {
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${OFFICIAL}\n        with:\n          permission-issues: read\n          skip-token-revoke: true\n`;
  const [finding] = findingsOf('broad-app-token', text);
  expect(
    finding?.fixes[0]?.edits.map(({ start, end, replacement }) => [text.slice(start, end), replacement]),
  ).toEqual([['true', 'false']]);
});
