import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string) =>
  briefly(findingsOf('compromised-action', `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`));

it('knows the commits of attackers, whatever their comment says', () => {
  expect(check('reviewdog/action-setup@f0d342d24037bb11d26b9bd8496e0808ba32e9ec # v1.3.2')).toEqual([
    '5 critical regular',
  ]);
});

it.each([
  'aquasecurity/trivy-action@ddb9da4475c1cef7d5389062bdfdfbdbd1394648 # 0.34.2',
  'aquasecurity/setup-trivy@8afa9b9f9183b4e00c46e2b82d34047e3c177bd0',
  'actions-cool/issues-helper@1c9e803c80cc7fed000022d4c94f4b5bc2e90062 # v3.8.0',
])('knows %s, which tools that pin tags wrote in the days of the attack', (uses) => {
  expect(check(uses)).toEqual(['5 critical regular']);
});

it('knows tags that were moved, in any spelling of the name', () => {
  expect(check('Aquasecurity/Trivy-Action@0.24.0')).toEqual(['5 high regular']);
  expect(check('xygeni/xygeni-action@v5')).toEqual(['5 high regular']);
  expect(check('tj-actions/changed-files@v45')).toEqual(['5 high regular']);
});

it('knows nothing before it happened', () => {
  const text = 'on: push\njobs:\n  a:\n    steps:\n      - uses: tj-actions/changed-files@v45\n';
  expect(findingsOf('compromised-action', text, { asOf: '2025-03-13' })).toEqual([]);
  expect(findingsOf('compromised-action', text, { asOf: '2025-03-14' })).toHaveLength(1);
});

it('tells one attack on an action from the next', () => {
  const messages = (uses: string) =>
    findingsOf('compromised-action', `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`).map(
      ({ message }) => message,
    );
  expect(messages('checkmarx/ast-github-action@2.3.28')).toEqual([
    expect.stringContaining('(the TeamPCP campaign)'),
  ]);
  expect(messages('Checkmarx/ast-github-action@2.3.35')).toEqual([expect.stringContaining('second wave')]);
});

it.each(['actions-cool/issues-helper@v3', 'actions-cool/issues-helper@main'])(
  'knows that %s is gone',
  (uses) => {
    expect(check(uses)).toEqual(['5 critical regular']);
  },
);

it.each([
  'aquasecurity/trivy-action@v0.35.0',
  'aquasecurity/trivy-action@0.35.0',
  // Made by its owners after the attack, on the commits of old.
  'aquasecurity/trivy-action@v0.24.0',
  'checkmarx/ast-github-action@2.3.36',
  'aquasecurity/trivy-action@6e7b7d1fd3e4fef0c5fa8cce1229c54b2c9bd0d8 # v0.24.0',
  'tj-actions/changed-files@v46',
  'reviewdog/action-setup@v1',
  'aquasecurity/trivy-action@master',
  'actions-cool/check-user-permission@v2',
  // The owners’ own commit, which the attacker’s code goes on to call.
  'actions-cool/issues-helper@200c78641dbf33838311e5a1e0c31bbdb92d7cf0 # v3.8.0',
  'xygeni/xygeni-action@v5.38.0',
])('says nothing about %s', (uses) => {
  expect(check(uses)).toEqual([]);
});
