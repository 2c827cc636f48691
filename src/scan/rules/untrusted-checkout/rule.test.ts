import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const HEAD = '${{ github.event.pull_request.head.sha }}';
const workflow = (on: string, uses: string, ref: string, then = 'echo done', guard = 'true') =>
  `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n        with:\n          ref: ${ref}\n      - run: ${then}\n    permissions: write-all\n`;
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
    'on: issue_comment\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          gh pr checkout "$NUMBER"\n          make\n    permissions: write-all\n';
  expect(check(text)).toEqual(['7 critical regular']);
});

it('sees a branch that reaches git in a variable', () => {
  const text =
    'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          HEAD: ${{ github.head_ref }}\n        run: |\n          git fetch origin\n          git checkout "$HEAD"\n          make\n    permissions: write-all\n';
  expect(check(text)).toEqual(['10 critical regular']);
});

it('leaves to others what a label lets in, and believes an environment only half', () => {
  const labels = "contains(github.event.pull_request.labels.*.name, 'safe')";
  const under = (guard: string) =>
    check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', guard));
  expect(under(labels)).toEqual(['9 medium pedantic']);
  expect(under(`\${{ !${labels} }}`).join()).toMatch(/regular$/);
  expect(under('true\n    environment: preview')).toEqual(['10 high regular']);
});

it('counts a label of any kind as nobody’s consent', () => {
  const on = '{ pull_request_target: { types: [labeled] } }';
  expect(check(workflow(on, 'actions/checkout@v4', HEAD, 'make'))).toEqual(['9 high regular']);
  const named = "github.event.label.name == 'safe'";
  expect(check(workflow(on, 'actions/checkout@v4', HEAD, 'make', named))).toEqual([]);
});

it('is milder where there is nothing to take but a token that reads', () => {
  const weak = (then: string) =>
    check(
      workflow(
        'issue_comment',
        'actions/checkout@v4',
        'refs/pull/${{ github.event.issue.number }}/head',
        then,
      ).replace('write-all', 'read-all'),
    );
  expect(weak('make')).toEqual(['9 medium regular']);
  expect(weak('echo x')).toEqual(['9 low pedantic']);
});

it('is for those who look closer when the platform cannot read the condition', () => {
  const guard = 'github.actor == "boss"';
  expect(check(workflow('pull_request_target', 'actions/checkout@v4', HEAD, 'make', `'${guard}'`))).toEqual([
    '9 critical pedantic',
  ]);
});

it('knows which payload an event has', () => {
  expect(check(workflow('issue_comment', 'actions/checkout@v4', HEAD, 'make'))).toEqual([]);
  expect(check(workflow('workflow_run', 'actions/checkout@v4', '${{ github.head_ref }}'))).toEqual([]);
  expect(
    check(workflow('issues', 'actions/checkout@v4', 'refs/pull/${{ github.event.issue.number }}/head')),
  ).toEqual([]);
});

describe('code in a folder of its own', () => {
  const steps = (later: string) =>
    check(
      `on: pull_request_target\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          path: ours\n      - uses: actions/checkout@v4\n        with:\n          ref: ${HEAD}\n          path: theirs\n      - ${later}\n`,
    );

  it.each(['uses: ./ours/action', 'run: make -C ours', 'run: make', 'run: diff -r ours theirs && make'])(
    'is data for %s',
    (later) => {
      expect(steps(later)).toEqual(['11 medium pedantic']);
    },
  );

  it.each([
    'uses: ./theirs/action',
    'run: make -C theirs',
    'run: cd theirs && make',
    'run: theirs/build.sh',
    '{ run: make, working-directory: ./theirs }',
    '{ uses: docker/build-push-action@v6, with: { context: theirs } }',
  ])('is run by %s', (later) => {
    expect(steps(later)).toEqual(['11 high regular']);
  });
});

it('names everything that runs the code, and not what runs for other events', () => {
  const text = workflow('[push, pull_request_target]', 'actions/checkout@v4', HEAD, 'make').replace(
    '    permissions',
    "      - { if: github.event_name == 'push', run: npm publish }\n      - run: ./last\n    permissions",
  );
  const [finding] = findingsOf('untrusted-checkout', text, { asOf: '2026-01-01' });
  expect(finding?.locations.map(({ start }) => start.line)).toEqual([9, 12]);
});

describe('across files', () => {
  const caller = (on: string, input: string) =>
    `# --- .github/workflows/caller.yml\non: ${on}\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n    with:\n      what: ${input}\n`;
  const called = (uses: string) =>
    `# --- .github/workflows/called.yml\non:\n  workflow_call:\n    inputs:\n      what: { type: string }\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ${uses}\n        with:\n          ref: \${{ inputs.what }}\n      - run: make\n`;

  it('follows what a caller hands on', () => {
    const found = findingsOf(
      'untrusted-checkout',
      caller('pull_request_target', HEAD) + called('actions/checkout@v4'),
      { asOf: '2026-01-01' },
    );
    expect(briefly(found)).toEqual(['11 high regular']);
    expect(found[0]?.path?.map(({ location }) => location.file)).toContain('.github/workflows/caller.yml');
    expect(check(caller('pull_request', HEAD) + called('actions/checkout@v4'))).toEqual([]);
    expect(check(caller('pull_request_target', 'main') + called('actions/checkout@v4'))).toEqual([]);
  });

  it('looks into actions of the repository', () => {
    const action =
      '# --- .github/actions/get/action.yml\nruns:\n  using: composite\n  steps:\n    - uses: actions/checkout@v4\n      with:\n        ref: ${{ inputs.ref }}\n';
    const use = workflow('pull_request_target', './.github/actions/get', HEAD, 'make');
    expect(check(`# --- .github/workflows/a.yml\n${use}${action}`)).toEqual(['7 critical regular']);
  });

  it('tells those who look closer of a called workflow whose callers are elsewhere', () => {
    const secrets = called('actions/checkout@v4')
      .replace('what: {', 'ref: {')
      .replace('inputs.what', 'inputs.ref');
    const text = secrets.replace('- run: make', '- { run: make, env: { KEY: "${{ secrets.KEY }}" } }');
    expect(check(text)).toEqual(['11 medium pedantic']);
    expect(check(secrets)).toEqual([]);
  });
});

it('tells auditors of branches of the repository that meet secrets', () => {
  const text = workflow(
    'pull_request',
    'actions/checkout@v4',
    `${HEAD}\n          token: \${{ secrets.BOT }}`,
  );
  expect(check(text)).toEqual(['9 low auditor']);
  expect(check(text.replace('echo done', 'make'))).toEqual(['9 low pedantic']);
});

it('tells those who look closer of a head that is only empty because it is misspelt', () => {
  const ref = '${{ github.event.workflow_run.head.sha }}';
  expect(check(workflow('workflow_run', 'actions/checkout@v4', ref, 'make'))).toEqual(['9 low pedantic']);
});

it('is less sure of a branch of a fork that is looked for in the repository itself', () => {
  const confidence = (ref: string) =>
    findingsOf('untrusted-checkout', workflow('pull_request_target', 'actions/checkout@v4', ref, 'make'), {
      asOf: '2026-01-01',
    }).map((finding) => finding.confidence);
  expect(confidence('${{ github.head_ref }}')).toEqual(['medium']);
  const fork = '${{ github.event.pull_request.head.repo.full_name }}';
  expect(confidence(`\${{ github.head_ref }}\n          repository: ${fork}`)).toEqual(['high']);
});

it('believes a workflow_run that only follows members', () => {
  const follower = (on: string) =>
    `# --- .github/workflows/a.yml\nname: Build\non: ${on}\njobs: {}\n# --- .github/workflows/b.yml\n${workflow('{ workflow_run: { workflows: [Build] } }', 'actions/checkout@v4', '${{ github.event.workflow_run.head_sha }}', 'make')}`;
  expect(check(follower('push'))).toEqual([]);
  expect(check(follower('pull_request'))).toHaveLength(1);
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
