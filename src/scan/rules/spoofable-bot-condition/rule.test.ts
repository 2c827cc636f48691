import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const workflow = (on: string, guard: string) =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`;
const check = (on: string, guard: string) =>
  briefly(findingsOf('spoofable-bot-condition', workflow(on, guard)));
const ACTOR = "github.actor == 'dependabot[bot]'";

it.each([
  ['pull_request_target', ACTOR, ['5 high regular']],
  ['pull_request_target', `${ACTOR} && github.event.action == 'opened'`, ['5 high regular']],
  ['workflow_run', "github.triggering_actor == 'renovate[bot]'", ['5 high regular']],
  ['pull_request_target', 'github.actor_id == 49699333', ['5 high regular']],
  ['pull_request_target', "github.actor_id == '49699333'", ['5 high regular']],
  // The token of a fork's run can only read.
  ['pull_request', ACTOR, ['5 low pedantic']],
])('on %s: %s', (on, guard, expected) => {
  expect(check(on, guard)).toEqual(expected);
});

it.each([
  ['push', ACTOR],
  ['issue_comment', ACTOR],
  ['pull_request_target', "github.actor != 'dependabot[bot]'"],
  ['pull_request_target', `${ACTOR} && github.event.pull_request.user.login == 'dependabot[bot]'`],
  ['pull_request_target', `${ACTOR} && github.event.pull_request.head.repo.full_name == github.repository`],
  ['pull_request_target', "github.actor == 'octocat'"],
  ['pull_request_target', 'github.actor_id == 1'],
])('is content on %s with %s', (on, guard) => {
  expect(check(on, guard)).toEqual([]);
});

it('asks for the author instead, where there is one', () => {
  const fix = (on: string) => {
    const files = [{ file: '.github/workflows/a.yml', text: workflow(on, ACTOR) }];
    const options = { rules: [rule], asOfMs: TEST_DAY_MS };
    return fixRepository({ root: '', files }, options, 'unsafe').changed.get('.github/workflows/a.yml');
  };
  expect(fix('pull_request_target')).toBe(
    workflow('pull_request_target', "github.event.pull_request.user.login == 'dependabot[bot]'"),
  );
  expect(fix('[pull_request_target, push]')).toBeUndefined();
});
