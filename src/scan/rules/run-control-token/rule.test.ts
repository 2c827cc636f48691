import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, permissions: string, step: string, guard = 'true') =>
  briefly(
    findingsOf(
      'run-control-token',
      `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    permissions: ${permissions}\n    steps:\n      - ${step}\n`,
    ),
  );
const HEAD = '{ uses: actions/checkout@v4, with: { ref: "${{ github.event.pull_request.head.sha }}" } }';

it('is for auditors, until code of a pull request is there to use it', () => {
  expect(check('pull_request_target', '{ actions: write }', 'run: echo')).toEqual(['6 low auditor']);
  expect(check('pull_request_target', '{ actions: write }', HEAD)).toEqual(['6 high regular']);
  expect(check('pull_request_target', 'write-all', 'run: echo')).toEqual(['6 low auditor']);
});

it('does not mean jobs that outsiders cannot start, nor reading', () => {
  expect(check('push', '{ actions: write }', 'run: echo')).toEqual([]);
  expect(check('pull_request', '{ actions: write }', 'run: echo')).toEqual([]);
  expect(check('pull_request_target', '{ actions: read }', 'run: echo')).toEqual([]);
  const guard = 'github.event.pull_request.head.repo.full_name == github.repository';
  expect(check('pull_request_target', '{ actions: write }', 'run: echo', guard)).toEqual([]);
});
