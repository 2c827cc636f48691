import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, step: string, more = '') =>
  briefly(
    findingsOf(
      'identity-token-exposure',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions:\n      id-token: write\n${more}    steps:\n      - ${step}\n`,
    ),
  );
const LOGIN = '{ uses: azure/login@v2, with: { client-id: 1 } }';
const HEAD = '{ uses: actions/checkout@v4, with: { ref: "${{ github.event.pull_request.head.sha }}" } }';

it('is loudest where anybody starts the run', () => {
  expect(check('pull_request_target', LOGIN)).toEqual(['6 medium regular']);
  expect(check('pull_request_target', HEAD)).toEqual(['6 high regular']);
});

it('believes a condition that no outsider passes', () => {
  const guard = '    if: github.event.pull_request.head.repo.full_name == github.repository\n';
  expect(check('pull_request_target', LOGIN, guard)).toEqual([]);
});

it('knows that forks get no identity under pull_request', () => {
  expect(check('pull_request', LOGIN)).toEqual(['6 low auditor']);
  expect(check('pull_request', LOGIN, '    environment: preview\n')).toEqual([]);
  expect(check('[push, pull_request]', LOGIN, "    if: github.event_name == 'push'\n")).toEqual([]);
});

it('says that nobody uses it only when every step is known', () => {
  expect(check('push', 'run: echo done')).toEqual(['6 low pedantic']);
  expect(check('push', 'uses: actions/checkout@v4')).toEqual(['6 low pedantic']);
  expect(check('push', 'run: cosign sign --yes "$IMAGE"')).toEqual([]);
  expect(check('push', 'run: make release')).toEqual([]);
  expect(check('push', 'uses: some/action@v1')).toEqual([]);
});
