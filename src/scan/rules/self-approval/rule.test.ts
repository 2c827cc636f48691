import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, step: string, guard = 'true') =>
  briefly(
    findingsOf(
      'self-approval',
      `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`,
    ),
  );

it.each([
  'run: gh pr review 1 --approve',
  'run: gh pr review -a "$URL"',
  'run: gh api repos/a/b/pulls/1/reviews -f event=APPROVE',
  'uses: hmarr/auto-approve-action@v4',
  '{ uses: actions/github-script@v7, with: { script: "github.rest.pulls.createReview({ event: \'APPROVE\' })" } }',
])('sees that %s approves', (step) => {
  expect(check('push', step)).toEqual(['7 medium auditor']);
  expect(check('pull_request_target', step)).toEqual(['7 high regular']);
});

it('does not mean other reviews', () => {
  expect(check('push', 'run: gh pr review 1 --comment -b approved')).toEqual([]);
});

it('leaves choices of authors to the rules about them', () => {
  expect(
    check('pull_request_target', 'run: gh pr review 1 --approve', "github.actor == 'renovate[bot]'"),
  ).toEqual(['7 medium auditor']);
});
