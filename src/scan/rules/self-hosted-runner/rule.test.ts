import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, guard = 'true', runner = 'self-hosted') =>
  briefly(
    findingsOf(
      'self-hosted-runner',
      `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ${runner}\n    steps: []\n`,
    ),
  );

it('fires where outsiders bring code, and not where only members do', () => {
  expect(check('pull_request')).toEqual(['5 high regular']);
  expect(check('pull_request_target')).toEqual(['5 high regular']);
  expect(check('push')).toEqual([]);
  expect(check('schedule')).toEqual([]);
});

it('believes a guard that no outsider passes', () => {
  expect(check('pull_request', '${{ github.event.pull_request.head.repo.fork == false }}')).toEqual([]);
  expect(
    check(
      'pull_request',
      'contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)',
    ),
  ).toEqual([]);
});

it('does not believe one that anybody passes, or that is always true', () => {
  expect(check('pull_request', "github.actor != 'dependabot[bot]'")).toHaveLength(1);
  expect(check('pull_request', '${{ github.event.pull_request.head.repo.fork == false }} ok')).toHaveLength(
    1,
  );
  expect(check('pull_request', "github.repository_owner == 'us'")).toHaveLength(1);
});

it('does not call hosted runners self-hosted, and leaves unknown names to auditors', () => {
  expect(check('pull_request', 'true', 'ubuntu-latest')).toEqual([]);
  expect(check('pull_request', 'true', 'build-farm')).toEqual(['5 low auditor']);
  expect(check('push', 'true', 'build-farm')).toEqual([]);
  expect(check('pull_request', 'true', '${{ inputs.runner }}')).toEqual(['5 low auditor']);
});

it.each([
  ['{ os: [ubuntu-latest, self-hosted] }', '${{ matrix.os }}', ['5 high regular']],
  ['{ host: [{ on: [self-hosted, arm] }] }', '${{ matrix.host.on }}', ['5 high regular']],
  ['{ include: [{ os: self-hosted }] }', '${{ matrix.os }}', ['5 high regular']],
  ['{ os: [ubuntu-latest, macos-15] }', '${{ matrix.os }}', []],
  ['{ os: "${{ fromJSON(needs.a.outputs.list) }}" }', '${{ matrix.os }}', ['5 low auditor']],
])('looks a runner up in the matrix %s', (matrix, runner, expected) => {
  expect(
    check('pull_request', `true\n    strategy: { matrix: ${matrix} }`, runner).map((found) =>
      found.replace(/^6/, '5'),
    ),
  ).toEqual(expected);
});

it('leaves events alone that need a member', () => {
  expect(check('{ pull_request_target: { types: [labeled] } }')).toEqual([]);
});
