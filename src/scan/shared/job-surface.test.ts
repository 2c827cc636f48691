import { expect, it } from 'vitest';
import { splitFixture } from '../testing/fixture.ts';
import { scanFiles } from '../testing/scan-text.ts';
import { runningJobs, surfaceOf } from './job-surface.ts';

function startsOf(text: string, id = 'a'): string[] {
  const { repository } = scanFiles(splitFixture(text));
  const job = runningJobs(repository).find((each) => each.id === id);
  if (job === undefined) throw new Error(`there is no job ${id}`);
  return surfaceOf(job, repository).starts.map(({ what, production }) => (production ? `${what} !` : what));
}
const github = (on: string, guard = 'true') =>
  startsOf(
    `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-24.04\n    steps: [{ run: make }]\n`,
  );

it.each([
  ['push', ['a push to main !', 'a push to any branch', 'a tag !']],
  ['{ push: { branches: [main] } }', ['a push to main !']],
  ['{ push: { branches: ["feature/**"] } }', ['a push to feature/**']],
  ['{ push: { branches: ["release/**", develop] } }', ['a push to release/** !', 'a push to develop']],
  ['{ push: { branches-ignore: [docs] } }', ['a push to main !', 'a push to any branch']],
  ['{ push: { tags: ["v*"] } }', ['a tag !']],
  ['release', ['a release !']],
  ['{ schedule: [{ cron: "1 2 * * *" }] }', ['the schedule !']],
  ['workflow_dispatch', ['a start by hand !', 'a start by hand on any branch']],
  ['merge_group', ['the merge queue !']],
  ['pull_request', ['a pull request from a fork', 'a pull request of a member']],
  ['{ pull_request_target: { types: [labeled] } }', ['a pull request of a member']],
  ['{ pull_request: { types: [closed] } }', ['a pull request from a fork', 'a merged pull request !']],
])('GitHub: %s', (on, expected) => {
  expect(github(on)).toEqual(expected);
});

it.each([
  ["github.ref == 'refs/heads/main'", ['a push to main !']],
  ["startsWith(github.ref, 'refs/tags/')", ['a tag !']],
  ["github.ref_type == 'tag'", ['a tag !']],
  ["github.event_name == 'push' && github.ref_name == 'develop'", ['a push to any branch']],
  ["github.event_name != 'push'", ['a pull request from a fork', 'a pull request of a member']],
  ['github.event.pull_request.head.repo.fork', ['a pull request from a fork']],
  [
    "github.event.pull_request.head.repo.fork == false && github.event_name == 'pull_request'",
    ['a pull request of a member'],
  ],
])('GitHub: a condition %s is kept', (guard, expected) => {
  expect(github('[push, pull_request]', guard)).toEqual(expected);
});

it('GitHub: what a job needs must have run', () => {
  const text = `on: [push, pull_request]
jobs:
  first:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    steps: [{ run: make }]
  a:
    needs: first
    runs-on: ubuntu-24.04
    steps: [{ run: make }]
`;
  expect(startsOf(text)).toEqual(['a push to main !']);
});

it('GitHub: files that call each other in a circle start nothing', () => {
  const file = (name: string, other: string) =>
    `# --- .github/workflows/${name}.yml\non: workflow_call\njobs:\n  ${name}:\n    uses: ./.github/workflows/${other}.yml\n`;
  expect(startsOf(file('a', 'b') + file('b', 'a'))).toEqual([]);
});

const gitlab = (lines: string) => startsOf(`# --- .gitlab-ci.yml\na:\n  script: make\n${lines}`);

it.each([
  ['', ['a push to the default branch !', 'a push to any branch', 'a tag !', 'the schedule !']],
  ['  rules: [{ if: $CI_COMMIT_TAG }]\n', ['a tag !']],
  [
    '  rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH, when: manual }]\n',
    ['a push to the default branch, by hand !', 'the schedule, by hand !'],
  ],
  ['  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]\n', ['a merge request']],
  ['  only: [main]\n', ['a push to the default branch !']],
  ['  only: [tags]\n', ['a tag !']],
  ['  only: [schedules]\n', ['the schedule !']],
  ['  except: [main]\n', ['a push to any branch', 'a tag !']],
])('GitLab: %s', (lines, expected) => {
  expect(gitlab(lines)).toEqual(expected);
});
