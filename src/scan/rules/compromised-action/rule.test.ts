import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string) =>
  briefly(findingsOf('compromised-action', `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`));

it('knows the commits of attackers, whatever their comment says', () => {
  expect(check('reviewdog/action-setup@f0d342d24037bb11d26b9bd8496e0808ba32e9ec # v1.3.2')).toEqual([
    '5 critical regular',
  ]);
});

it('knows tags that were moved, in any spelling of the name', () => {
  expect(check('Aquasecurity/Trivy-Action@0.24.0')).toEqual(['5 high regular']);
  expect(check('xygeni/xygeni-action@v5')).toEqual(['5 high regular']);
  expect(check('tj-actions/changed-files@v45')).toEqual(['5 high regular']);
});

it.each(['actions-cool/issues-helper@v3', 'actions-cool/issues-helper@main'])(
  'knows that %s is gone',
  (uses) => {
    expect(check(uses)).toEqual(['5 critical regular']);
  },
);

it.each([
  'aquasecurity/trivy-action@v0.35.0',
  'aquasecurity/trivy-action@6e7b7d1fd3e4fef0c5fa8cce1229c54b2c9bd0d8 # v0.24.0',
  'tj-actions/changed-files@v46',
  'reviewdog/action-setup@v1',
  'aquasecurity/trivy-action@master',
  'actions-cool/check-user-permission@v2',
  'xygeni/xygeni-action@v5.38.0',
])('says nothing about %s', (uses) => {
  expect(check(uses)).toEqual([]);
});
