import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const HEAD = '${{ github.event.pull_request.head.sha }}';
const workflow = (on: string, uses: string, ref: string, then = 'echo done', guard = 'true') =>
  `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n        with:\n          ref: ${ref}\n      - run: ${then}\n`;
const check = (text: string, asOf = '2026-01-01') =>
  briefly(findingsOf('untrusted-checkout', text, { asOf }));

it('is critical when something from the checkout runs', () => {
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD))).toEqual(['9 high regular']);
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'npm ci'))).toEqual([
    '9 critical regular',
  ]);
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, './build.sh'))).toEqual([
    '9 critical regular',
  ]);
});

it.each([
  ['issue_comment', 'refs/pull/${{ github.event.issue.number }}/merge'],
  ['workflow_run', '${{ github.event.workflow_run.head_branch }}'],
  ['pull_request_target', "${{ format('refs/pull/{0}/head', github.event.number) }}"],
])('sees the pull request under %s in %s', (on, ref) => {
  expect(check(workflow(on, 'actions/checkout@v4', ref))).toHaveLength(1);
});

it.each([
  ['pull_request', HEAD],
  ['push', HEAD],
  ['pull_request_target', 'main'],
  ['pull_request_target', '${{ github.event.pull_request.base.sha }}'],
])('is content with %s and %s', (on, ref) => {
  expect(check(workflow(on, 'actions/checkout@v4', ref))).toEqual([]);
});

it('believes a guard that no outsider passes', () => {
  const guard = 'github.event.pull_request.head.repo.full_name == github.repository';
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', guard))).toEqual([]);
  expect(
    check(
      workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', "github.repository == 'us/it'"),
    ),
  ).toHaveLength(1);
});

it('sees pull requests that a script fetches', () => {
  const text =
    'on: issue_comment\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          gh pr checkout "$NUMBER"\n          make\n';
  expect(check(text)).toEqual(['7 critical regular']);
});

it('sees a branch that reaches git in a variable', () => {
  const text =
    'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          HEAD: ${{ github.head_ref }}\n        run: |\n          git fetch origin "$HEAD"\n          make\n';
  expect(check(text)).toEqual(['9 critical regular']);
});

it('is milder when somebody has to say yes', () => {
  const labels = "contains(github.event.pull_request.labels.*.name, 'safe')";
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', labels))).toEqual([
    '9 high regular',
  ]);
});

it('believes names of people, and not those of bots', () => {
  const by = (name: string) =>
    check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', `github.actor == '${name}'`));
  expect([by('boss'), by('dependabot[bot]').length]).toEqual([[], 1]);
});

describe('what checkout itself refuses since 2026', () => {
  const after = '2026-11-01';
  const at = (uses: string, on = 'pull_request_target', ref = HEAD) =>
    check(workflow(on, uses, ref, 'make'), after);

  it('counts for tags that got it, and not for old commits', () => {
    expect(at('actions/checkout@v7')).toEqual(['9 low pedantic']);
    expect(at('actions/checkout@v4')).toEqual(['9 low pedantic']);
    expect(at('actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0')).toEqual([
      '9 critical regular',
    ]);
    expect(at('actions/checkout@v3')).toEqual(['9 critical regular']);
  });

  it('does not count for comments, for branch names, and when it is switched off', () => {
    expect(
      at('actions/checkout@v7', 'issue_comment', 'refs/pull/${{ github.event.issue.number }}/head'),
    ).toEqual(['9 critical regular']);
    expect(at('actions/checkout@v7', 'pull_request_target', '${{ github.head_ref }}')).toEqual([
      '9 critical regular',
    ]);
    const optOut = workflow(
      'pull_request_target',
      'actions/checkout@v7',
      `${HEAD}\n          allow-unsafe-pr-checkout: true`,
      'make',
    );
    expect(check(optOut, after)).toEqual(['9 critical regular']);
  });
});
