import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles } from '../../testing/scan-text.ts';
import { KNOWN_ACTIONS_COUNT } from './action-needs.ts';
import { ACTION_ROWS } from './action-rows.ts';
import { ACTION_SOURCES } from './action-sources.ts';
import { inferPermissions } from './infer.ts';

const OWN = '${{ secrets.GITHUB_TOKEN }}';

/** Scopes as `name:r`, then what is unknown. */
function inferred(text: string): string[] {
  const { repository } = scanFiles(splitFixture(text));
  const [job] = repository.pipelines[0]?.jobs ?? [];
  if (job === undefined) return ['no job'];
  const { scopes, unknown } = inferPermissions(job, repository);
  const words = [...scopes].map(([name, access]) => `${name}:${access === 'write' ? 'w' : 'r'}`);
  return [...words, ...unknown.map(({ what }) => `? ${what}`)];
}

const workflow = (steps: string, on = 'push', job = '') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps}`;
const run = (script: string, env = '') =>
  `      - run: |\n${script
    .split('\n')
    .map((line) => `          ${line}\n`)
    .join('')}${env === '' ? '' : `        env:\n          ${env}\n`}`;
const uses = (action: string, ...inputs: string[]) =>
  `      - uses: ${action}\n${inputs.length === 0 ? '' : `        with:\n${inputs.map((each) => `          ${each}\n`).join('')}`}`;
const gh = (script: string, on?: string) => inferred(workflow(run(script, `GH_TOKEN: ${OWN}`), on));

it('knows some hundred actions', () => expect(KNOWN_ACTIONS_COUNT).toBeGreaterThan(400));

it('says of many rows which document they were held against, and of none that is not there', () => {
  const named = Object.values(ACTION_SOURCES).flat();
  expect(named.length).toBeGreaterThan(50);
  expect(new Set(named).size).toBe(named.length);
  expect(named.filter((name) => !Object.hasOwn(ACTION_ROWS, name))).toEqual([]);
});

it('writes rows in the language that is read', () => {
  const condition = String.raw`(?:!?[\w-]+|[\w-]+=[^\s&]+|![\w-]+=[^\s&]+)`;
  const word = new RegExp(String.raw`^(?:handed|[a-z-]+:[rw](?:\?${condition}(?:&${condition})*)?)$`);
  const odd = Object.values(ACTION_ROWS)
    .flatMap((row) => row.split(' '))
    .filter((each) => each !== '' && !word.test(each));
  expect(odd).toEqual([]);
});

it('asks for nothing when nothing uses the token', () => {
  expect(inferred(workflow(run('make test') + uses('actions/setup-node@v4')))).toEqual([]);
  expect(inferred(workflow(uses('actions/checkout@v4')))).toEqual(['contents:r']);
});

it('looks at the inputs on which it depends', () => {
  expect(inferred(workflow(uses('actions/checkout@v4', 'repository: other/tool')))).toEqual([]);
  expect(inferred(workflow(uses('actions/checkout@v4', 'token: ${{ secrets.PAT }}')))).toEqual([]);
  expect(inferred(workflow(uses('ossf/scorecard-action@v2', 'publish_results: true')))).toEqual([
    'checks:r',
    'contents:r',
    'id-token:w',
    'issues:r',
    'pull-requests:r',
    'security-events:r',
  ]);
  expect(inferred(workflow(uses('aws-actions/configure-aws-credentials@v4', 'role-to-assume: arn')))).toEqual(
    ['id-token:w'],
  );
  expect(inferred(workflow(uses('goreleaser/goreleaser-action@v6')))).toEqual([]);
});

it('asks for no identity where there is a key', () => {
  const plz = (command: string, more = '') =>
    inferred(workflow(`${uses('release-plz/action@v0.5', `command: ${command}`)}${more}`));
  expect(plz('release-pr')).toEqual(['contents:w', 'pull-requests:w']);
  expect(plz('release')).toEqual(['contents:w', 'id-token:w', 'pull-requests:r']);
  const key = '        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CRATES }}\n';
  expect(plz('release', key)).toEqual(['contents:w', 'pull-requests:r']);
});

it('needs both halves of a condition', () => {
  const drafter = (on: string, ...inputs: string[]) =>
    inferred(workflow(uses('release-drafter/release-drafter@v6', ...inputs), on));
  expect(drafter('pull_request')).toEqual(['contents:w', 'pull-requests:w']);
  expect(drafter('pull_request', 'disable-autolabeler: true')).toEqual(['contents:w', 'pull-requests:r']);
  expect(drafter('push')).toEqual(['contents:w', 'pull-requests:r']);
});

it('takes what the documents say', () => {
  const of = (action: string, ...inputs: string[]) => inferred(workflow(uses(action, ...inputs)));
  expect(of('dessant/lock-threads@v5', 'process-only: issues, discussions')).toEqual([
    'discussions:w',
    'issues:w',
  ]);
  expect(of('gradle/actions/setup-gradle@v4', 'dependency-graph: generate-submit-and-upload')).toEqual([
    'contents:w',
  ]);
  expect(of('actions/attest@v2', 'push-to-registry: true', 'create-storage-record: false')).toEqual([
    'attestations:w',
    'id-token:w',
    'packages:w',
  ]);
  // A called workflow is refused at the start when it asks for more than its caller has.
  const call = `on: push\njobs:\n  a:\n    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0\n`;
  expect(inferred(call)).toEqual(['actions:r', 'contents:w', 'id-token:w']);
});

it('says what it does not know', () => {
  expect(inferred(workflow(uses('somebody/something@v1')))).toEqual(['? `somebody/something` is not known']);
  expect(inferred(workflow(uses('./action')))).toEqual(['? `./action` is not read']);
  expect(inferred(workflow(run('npm test', `TOKEN: ${OWN}`)))).toEqual(['? `npm test` gets the token']);
  const image = `${uses('docker://alpine:3')}        env:\n          T: ${OWN}\n`;
  expect(inferred(workflow(image))).toEqual(['? the image `docker://alpine:3` gets the token']);
  expect(inferred(workflow(uses('docker://alpine:3')))).toEqual([]);
  const forAll = `    env:\n      GITHUB_TOKEN: ${OWN}\n`;
  expect(inferred(workflow(run('make'), 'push', forAll))).toEqual([
    '? the token is in the environment of every step',
  ]);
  expect(inferred(workflow(run('make') + run('gh issue list'), 'push', forAll))).toEqual(['issues:r']);
});

it('reads a command behind variables on a line of their own', () => {
  expect(gh('NAME=x \\\n  gh issue close 1')).toEqual(['issues:w']);
});

it('reads the commands of gh', () => {
  expect(gh('gh pr merge --auto "$URL"')).toEqual(['contents:w', 'pull-requests:w']);
  expect(gh('gh pr edit 1 --add-label x')).toEqual(['issues:w', 'pull-requests:w']);
  expect(gh('if gh release view v1; then gh release upload v1 x; fi')).toEqual(['contents:w']);
  expect(gh('x=$(gh run list --json id)')).toEqual(['actions:r']);
  expect(gh('gh some-extension')).toEqual(['? `gh some-extension` calls something that is not known']);
  expect(inferred(workflow(run('gh pr list', 'GH_TOKEN: ${{ secrets.PAT }}')))).toEqual([]);
});

it('reads calls of the interface', () => {
  expect(gh('gh api repos/${{ github.repository }}/statuses/1 -f state=success')).toEqual(['statuses:w']);
  expect(gh('gh api -X DELETE "repos/$GITHUB_REPOSITORY/actions/caches/1"')).toEqual(['actions:w']);
  expect(gh('gh api repos/$OWNER/$NAME/deployments --method POST')).toEqual(['deployments:w']);
  expect(gh("gh api repos/{owner}/{repo}/pulls/1/files --jq '.[]'")).toEqual(['pull-requests:r']);
  expect(gh("gh api graphql -f query='mutation { enablePullRequestAutoMerge(input: {}) { x } }'")).toEqual([
    'contents:w',
    'pull-requests:w',
  ]);
  const label = "gh api graphql -f query='mutation { addLabelsToLabelable(input: {}) { x } }'";
  expect(gh(label, 'pull_request_target')).toEqual(['issues:w', 'pull-requests:w']);
  expect(gh('gh api repos/$R/issues/1/labels -f labels[]=x', 'pull_request_target')).toEqual([
    'pull-requests:w',
  ]);
  const curl = 'curl -X POST -H "Authorization: Bearer $T" https://api.github.com/repos/$R/issues/1/comments';
  expect(inferred(workflow(run(curl, `T: ${OWN}`), 'pull_request_target'))).toEqual(['pull-requests:w']);
  expect(inferred(workflow(run(curl, `T: ${OWN}`), 'issues'))).toEqual(['issues:w']);
  expect(inferred(workflow(run(curl, `T: ${OWN}`), 'issue_comment'))).toEqual([
    'issues:w',
    'pull-requests:w',
  ]);
});

it('reads calls of Octokit', () => {
  const script = (code: string) => inferred(workflow(uses('actions/github-script@v7', `script: ${code}`)));
  expect(script('await github.rest.repos.createCommitStatus({})')).toEqual(['statuses:w']);
  expect(script('await github.paginate(github.rest.pulls.listFiles, {})')).toEqual(['pull-requests:r']);
  expect(script("await github.request('POST /repos/{owner}/{repo}/check-runs', {})")).toEqual(['checks:w']);
  expect(script('github.rest.other.thing()')).toEqual(['? `other.thing` in a script is not known']);
  expect(script("require('./x.js')({ github })")).toEqual([
    '? `code from another file` in a script is not known',
  ]);
});

it('follows what checkout leaves behind for git', () => {
  const push = run('git commit -am x\ngit push origin main');
  expect(inferred(workflow(uses('actions/checkout@v4') + push))).toEqual(['contents:w']);
  expect(inferred(workflow(uses('actions/checkout@v4', 'persist-credentials: false') + push))).toEqual([
    'contents:r',
  ]);
  expect(inferred(workflow(uses('actions/checkout@v4', 'ssh-key: ${{ secrets.KEY }}') + push))).toEqual([]);
  expect(inferred(workflow(uses('actions/checkout@v4') + run('npm run release')))).toEqual([
    'contents:r',
    '? `npm run` can push with what checkout leaves behind',
  ]);
});

it('reads publishing', () => {
  const login = uses('docker/login-action@v3', 'registry: ghcr.io', `password: ${OWN}`);
  expect(inferred(workflow(login))).toEqual(['packages:w']);
  expect(inferred(workflow(login + run('docker pull ghcr.io/o/x')))).toEqual(['packages:r']);
  expect(inferred(workflow(run('npm publish', `NODE_AUTH_TOKEN: ${OWN}`)))).toEqual(['packages:w']);
  expect(inferred(workflow(run('npm publish', 'NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}')))).toEqual([]);
  expect(inferred(workflow(run('npm publish')))).toEqual(['id-token:w']);
  expect(inferred(workflow(run('cosign sign --yes image')))).toEqual(['id-token:w']);
});

it('reads actions and workflows of the repository through', () => {
  const action = `# --- action/action.yml
inputs:
  token:
    default: \${{ github.token }}
runs:
  using: composite
  steps:
    - run: gh issue close 1
      shell: bash
      env:
        GH_TOKEN: \${{ inputs.token }}
`;
  const caller = (...inputs: string[]) =>
    inferred(`# --- .github/workflows/a.yml\n${workflow(uses('./action', ...inputs))}${action}`);
  expect(caller()).toEqual(['issues:w']);
  expect(caller('token: ${{ secrets.PAT }}')).toEqual([]);
  const called = `# --- .github/workflows/a.yml
on: push
jobs:
  a:
    uses: ./.github/workflows/b.yml
# --- .github/workflows/b.yml
on: workflow_call
jobs:
  x:
    permissions:
      packages: write
    steps: []
  y:
    steps:
      - uses: actions/checkout@v4
`;
  expect(inferred(called)).toEqual(['contents:r', 'packages:w']);
});

it('is done with hostile text in time', { timeout: 10_000 }, () => {
  for (const piece of ['gh api ', '"', '${{ ', 'github.rest.', '/', ' --a', 'graphql(', 'docker ']) {
    const text = piece.repeat(1_000_000 / piece.length);
    const steps = `${run(text, `GH_TOKEN: ${OWN}`)}      - uses: actions/github-script@v7\n        with:\n          script: |\n            ${text}\n`;
    const started = threadMs();
    inferred(workflow(steps));
    expect(threadMs() - started).toBeLessThan(5_000);
  }
});
