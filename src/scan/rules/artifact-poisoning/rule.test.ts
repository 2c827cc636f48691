import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const RUN_ID = '${{ github.event.workflow_run.id }}';
const download = (path: string) =>
  `      - uses: actions/download-artifact@v4\n        with:\n          run-id: ${RUN_ID}\n          path: ${path}\n`;
const run = (script: string) => `      - run: |\n          ${script.replaceAll('\n', '\n          ')}\n`;
const CHECKOUT = '      - uses: actions/checkout@v4\n';
const workflow = (steps: string, on = 'workflow_run', guard = 'true') =>
  `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: x\n    permissions: write-all\n    env: { K: "\${{ secrets.K }}" }\n    steps:\n${steps}`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('artifact-poisoning', workflow(...args)));

describe('what is done with the files decides', () => {
  it.each([
    ['a program of theirs', download('out') + run('./out/cmd'), ['9 critical regular']],
    ['a shell that reads one', download('out') + run('echo 1\nsh out/cmd'), ['9 critical regular']],
    ['a folder to build in', download('out') + run('make -C out all'), ['9 critical regular']],
    ['a build in the workspace', CHECKOUT + download('.') + run('npm ci'), ['10 high regular']],
    ['a folder that is gone into', download('out') + run('cd out\nmake'), ['9 critical regular']],
    [
      'variables, which is the matter of another rule',
      download('out') + run('cat out/n >> "$GITHUB_ENV"'),
      [],
    ],
    ['nothing, over a checkout', CHECKOUT + download('.'), ['10 medium pedantic']],
    ['nothing, in a folder', CHECKOUT + download('out') + run('npm ci'), []],
    ['nothing, outside', CHECKOUT + download('${{ runner.temp }}/x') + run('npm ci'), []],
    ['a checkout that empties the folder', download('.') + CHECKOUT + run('npm ci'), []],
  ])('%s', (_name, steps, expected) => {
    expect(check(steps)).toEqual(expected);
  });
});

it.each([
  ['gh in the same step', run(`gh run download ${RUN_ID} --name x --dir out && ./out/cmd`)],
  ['gh', run(`gh run download ${RUN_ID} --name x --dir out`)],
  ['the API and unzip', run('curl "$artifacts_url" > a.zip') + run('unzip a.zip -d out')],
  [
    'github-script and unzip',
    '      - uses: actions/github-script@v7\n        with:\n          script: await github.rest.actions.downloadArtifact({})\n' +
      run('unzip a.zip -d out'),
  ],
  [
    'another action',
    '      - uses: dawidd6/action-download-artifact@v5\n        with:\n          path: out\n',
  ],
])('sees a download by %s', (_name, steps) => {
  expect(findingsOf('artifact-poisoning', workflow(steps + run('./out/cmd')))).toMatchObject([
    { severity: 'critical' },
  ]);
});

describe('leaves alone', () => {
  const steps = download('out') + run('./out/cmd');
  it.each([
    ['runs of members', 'push', 'true'],
    ['a run that follows pushes', 'workflow_run', "github.event.workflow_run.event == 'push'"],
    [
      'a run that follows the repository itself',
      'workflow_run',
      'github.event.workflow_run.head_repository.full_name == github.repository',
    ],
  ])('%s', (_name, on, guard) => {
    expect(check(steps, on, guard)).toEqual([]);
  });

  it('a workflow that members start, when it is in the repository', () => {
    const text = (events: string) =>
      `# --- .github/workflows/a.yml\n${workflow(steps, '{ workflow_run: { workflows: [B] } }')}# --- .github/workflows/b.yml\nname: B\non: ${events}\njobs: {}\n`;
    expect(findingsOf('artifact-poisoning', text('push'))).toEqual([]);
    expect(findingsOf('artifact-poisoning', text('pull_request'))).toHaveLength(1);
  });

  it('artifacts of the same run', () => {
    expect(check(`      - uses: actions/download-artifact@v4\n${run('./x')}`)).toEqual([]);
  });
});

describe('whoever starts it', () => {
  const checkout =
    '      - uses: actions/checkout@v4\n        with: { ref: "${{ github.event.pull_request.head.sha }}" }\n';

  it('an action that looks for a run may find one of a fork', () => {
    const find = (version: string, more = '') =>
      `      - uses: dawidd6/action-download-artifact@${version}\n        with: { workflow: a.yml, path: out${more} }\n${run('./out/cmd')}`;
    expect(check(find('v2'), 'pull_request_target')).toHaveLength(1);
    expect(check(find('v6'), 'pull_request_target')).toEqual([]);
    expect(check(find('v6', ', allow_forks: true'), 'pull_request_target')).toHaveLength(1);
    expect(check(find('v6', ', run_id: "${{ github.event.workflow_run.id }}"'))).toHaveLength(1);
  });

  it('a job that ran code of the pull request leaves files behind', () => {
    const text = (steps: string, next: string) =>
      `on: pull_request_target\njobs:\n  one:\n    runs-on: x\n    steps:\n${steps}      - uses: actions/upload-artifact@v4\n        with: { name: n, path: out }\n  two:\n    needs: one\n    runs-on: x\n    env: { K: "\${{ secrets.K }}" }\n    steps:\n      - uses: actions/download-artifact@v4\n        with: { name: n }\n${run(next)}`;
    const found = (steps: string, next: string) => findingsOf('artifact-poisoning', text(steps, next));
    expect(found(checkout + run('make'), 'python test.py')).toHaveLength(1);
    expect(found(CHECKOUT + run('make'), 'python test.py')).toEqual([]);
    expect(found(checkout, 'python test.py')).toEqual([]);
    expect(found(checkout + run('make'), 'ls')).toEqual([]);
  });
});

it('knows programs that take their own program from a file', () => {
  expect(check(download('out') + run('sed -f out/rules page.txt > new.txt'))).toEqual(['9 critical regular']);
  expect(check(download('out') + run('sed -f rules page.txt > new.txt'))).toEqual([]);
});
