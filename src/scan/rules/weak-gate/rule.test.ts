import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const SECRET = '      - run: deploy\n        env:\n          A: ${{ secrets.A }}\n';
const HEAD = '      - run: gh pr checkout 1 && make\n';
const workflow = (on: string, guard: string, steps = SECRET) =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    if: ${guard}\n    runs-on: x\n    steps:\n${steps}`;
const check = (...args: Parameters<typeof workflow>) => briefly(findingsOf('weak-gate', workflow(...args)));
const LABEL = "contains(github.event.pull_request.labels.*.name, 'safe')";

it.each([
  ["github.event.comment.author_association == 'CONTRIBUTOR'", SECRET, 'medium'],
  ["contains('OWNER MEMBER CONTRIBUTOR', github.event.comment.author_association)", SECRET, 'medium'],
  ["github.event.comment.author_association == 'CONTRIBUTOR'", HEAD, 'high'],
  ["github.event.issue.author_association == 'MEMBER'", SECRET, 'medium'],
  ["github.event.issue.user.login == 'somebody'", HEAD, 'high'],
])('%s lets others in', (guard, steps, severity) => {
  expect(check('issue_comment', guard, steps)).toEqual([`5 ${severity} regular`]);
});

it('sees a label that later pushes keep', () => {
  expect(check('pull_request_target', LABEL, HEAD)).toEqual(['5 high regular']);
  expect(check('{ pull_request_target: { types: [labeled] } }', LABEL, HEAD)).toEqual([]);
  expect(check('pull_request_target', LABEL)).toEqual([]);
  expect(check('pull_request_target', `"!${LABEL}"`, HEAD)).toEqual([]);
});

it.each([
  ['members only', 'issue_comment', "github.event.comment.author_association == 'MEMBER'"],
  ['a stop', 'issue_comment', "github.event.comment.author_association != 'NONE'"],
  ['a second check', 'issue_comment', "github.event.issue.user.login == 'a' && github.actor == 'a'"],
  ['events without rights', 'pull_request', "github.event.pull_request.author_association == 'CONTRIBUTOR'"],
])('is content with %s', (_name, on, guard) => {
  expect(check(on, guard)).toEqual([]);
});

it('leaves a job alone that has nothing', () => {
  expect(
    check('issue_comment', "github.event.comment.author_association == 'CONTRIBUTOR'", '      - run: echo\n'),
  ).toEqual([]);
});
