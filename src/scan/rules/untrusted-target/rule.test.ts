import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, keys: string) =>
  briefly(
    findingsOf('untrusted-target', `on: ${on}\njobs:\n  a:\n    ${keys}\n    steps:\n      - run: make\n`),
  );
const BRANCH = '${{ github.head_ref }}';
const HOSTED = 'runs-on: ubuntu-latest\n    ';

it.each([
  `runs-on: ${BRANCH}`,
  `runs-on: [self-hosted, "${BRANCH}"]`,
  `runs-on: {group: "${BRANCH}"}`,
  `${HOSTED}container: example/${BRANCH}`,
  `${HOSTED}services: {db: {image: "example/${BRANCH}"}}`,
  `${HOSTED}environment: {name: "preview-${BRANCH}"}`,
])('sees %s', (keys) => {
  expect(check('pull_request_target', keys)).toEqual([expect.stringMatching(/high regular$/)]);
});

it('is for auditors when a member or a caller chooses', () => {
  const dispatch = '{workflow_dispatch: {inputs: {where: {type: string}}}}';
  expect(check(dispatch, `${HOSTED}environment: \${{ inputs.where }}`)).toEqual(['5 low auditor']);
  const call = '{workflow_call: {inputs: {where: {type: string}}}}';
  expect(check(call, 'runs-on: ${{ inputs.where }}')).toEqual(['4 low auditor']);
});

it('is silent for what has fixed values, no secrets, or a condition', () => {
  expect(check('pull_request', `${HOSTED}environment: ${BRANCH}`)).toEqual([]);
  expect(check('push', 'strategy: {matrix: {os: [a, b]}}\n    runs-on: ${{ matrix.os }}')).toEqual([]);
  const guard = 'if: github.event.pull_request.head.repo.full_name == github.repository\n    ';
  expect(check('pull_request_target', `${guard}${HOSTED}environment: ${BRANCH}`)).toEqual([]);
});
