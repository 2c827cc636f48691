import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (on: string, guard: string, ref: string, then = 'make') =>
  `on:\n  ${on}\npermissions: {}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${ref}\n      - run: ${then}\n`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('mutable-after-approval', workflow(...args)));
const MEMBER = "github.event.comment.author_association == 'MEMBER'";
const LABEL = "contains(github.event.pull_request.labels.*.name, 'safe to test')";
const LABELED = 'pull_request_target:\n    types: [labeled]';

it.each([
  ['issue_comment:\n    types: [created]', MEMBER, 'refs/pull/${{ github.event.issue.number }}/merge'],
  [LABELED, LABEL, '${{ github.head_ref }}'],
  [LABELED, "github.event.label.name == 'safe'", 'refs/pull/${{ github.event.number }}/merge'],
])('sees a name that moves under %s, %s', (on, guard, ref) => {
  expect(check(on, guard, ref)).toEqual(['14 high regular']);
});

it('sees a branch that a script fetches', () => {
  const text = `on: issue_comment\njobs:\n  a:\n    if: ${MEMBER}\n    runs-on: x\n    steps:\n      - run: gh pr checkout "$NUMBER" && make\n`;
  expect(briefly(findingsOf('mutable-after-approval', text))).toEqual(['7 high regular']);
});

it('is for those who look closer when nothing is run', () => {
  expect(check(LABELED, LABEL, '${{ github.head_ref }}', 'echo x')).toEqual(['14 medium pedantic']);
});

it.each([
  ['a commit', LABELED, LABEL, '${{ github.event.pull_request.head.sha }}'],
  ['no consent at all', 'pull_request_target:', 'true', '${{ github.head_ref }}'],
  ['comments of everybody', 'issue_comment:', 'true', 'refs/pull/${{ github.event.issue.number }}/merge'],
  ['a base branch', LABELED, LABEL, 'main'],
])('leaves %s alone', (_name, on, guard, ref) => {
  expect(check(on, guard, ref)).toEqual([]);
});

const comment = (jobs: string) =>
  briefly(findingsOf('mutable-after-approval', `on: issue_comment\njobs:\n${jobs}`));
const LOOKS_UP =
  '      - { id: pr, uses: xt0rted/pull-request-comment-branch@v3 }\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ steps.pr.outputs.head_sha }}\n      - run: make\n';

it('sees a commit that is asked for when the run is already allowed', () => {
  expect(comment(`  a:\n    if: ${MEMBER}\n    runs-on: x\n    steps:\n${LOOKS_UP}`)).toEqual([
    '10 high regular',
  ]);
});

it('sees a label of the issue, at the job or at one that it waits for', () => {
  const label = "contains(github.event.issue.labels.*.name, 'go')";
  expect(comment(`  a:\n    if: ${label}\n    runs-on: x\n    steps:\n${LOOKS_UP}`)).toHaveLength(1);
  expect(
    comment(
      `  gate:\n    if: ${label}\n    runs-on: x\n    steps: []\n  a:\n    needs: gate\n    runs-on: x\n    steps:\n${LOOKS_UP}`,
    ),
  ).toHaveLength(1);
});

it('is content when an earlier step refuses later pushes', () => {
  const refuses =
    '      - run: test "$PUSHED" -lt "$AT" || exit 1\n        env:\n          AT: ${{ github.event.comment.created_at }}\n';
  expect(comment(`  a:\n    if: ${MEMBER}\n    runs-on: x\n    steps:\n${refuses}${LOOKS_UP}`)).toEqual([]);
});

it('leaves environments, whose reviewers nobody sees, to those who look closer', () => {
  const text = `on: pull_request_target\njobs:\n  a:\n    environment: ci\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: \${{ github.head_ref }}\n      - run: make\n`;
  expect(briefly(findingsOf('mutable-after-approval', text))).toEqual(['9 medium pedantic']);
});
