import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const MERGE = '      - run: gh pr merge --auto 1\n';
const workflow = (guard: string, steps = MERGE, on = 'pull_request_target') =>
  `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: x\n    steps:\n${steps}`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('unguarded-auto-merge', workflow(...args)));

it.each([
  ['nothing', 'true'],
  ['a branch name', "startsWith(github.head_ref, 'dependabot/')"],
])('is not content with %s', (_name, guard) => {
  expect(check(guard)).toEqual(['7 medium regular']);
});

it('leaves the last actor’s name to the rule about it', () => {
  expect(check("github.actor == 'dependabot[bot]'")).toEqual(['7 medium pedantic']);
});

it('is worse when nothing waits for a review', () => {
  expect(check('true', '      - run: gh pr merge --squash 1\n')).toEqual(['7 high regular']);
});

it.each([
  ['an approval', '      - run: gh pr review --approve "$URL"\n'],
  ['an action', '      - uses: hmarr/auto-approve-action@v4\n'],
  [
    'the API',
    '      - uses: actions/github-script@v7\n        with:\n          script: github.rest.pulls.merge({})\n',
  ],
])('knows %s', (_name, steps) => {
  expect(check('true', steps)).toHaveLength(1);
});

it.each([
  ['the author', "github.event.pull_request.user.login == 'dependabot[bot]'", MERGE, 'pull_request_target'],
  ['runs of forks that have no rights', 'true', MERGE, 'pull_request'],
  ['comments of members', "github.event.comment.author_association == 'MEMBER'", MERGE, 'issue_comment'],
  ['a comment on it', 'true', '      - run: gh pr review --comment 1\n', 'pull_request_target'],
  [
    'an action that looks for itself',
    'true',
    '      - uses: fastify/github-action-merge-dependabot@v3\n',
    'pull_request_target',
  ],
])('is content with %s', (_name, guard, steps, on) => {
  expect(check(guard, steps, on)).toEqual([]);
});
