import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const OWN = 'github.event.pull_request.head.repo.full_name == github.repository';
const workflow = (on: string, second: string) =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    if: ${OWN}\n    runs-on: x\n    steps: []\n  b:\n    runs-on: x\n${second}    steps: []\n`;
const SECRET = '    env:\n      A: ${{ secrets.A }}\n';
const check = (text: string) => briefly(findingsOf('inconsistent-fork-check', text));

it('names the job that stays open', () => {
  expect(check(workflow('pull_request_target', SECRET))).toEqual(['8 medium regular']);
  expect(check(workflow('pull_request_target', '    permissions:\n      packages: write\n'))).toHaveLength(1);
});

it.each([
  ['the same condition', 'pull_request_target', `    if: ${OWN}\n${SECRET}`],
  ['a job that waits for the closed one', 'pull_request_target', `    needs: a\n${SECRET}`],
  ['a job that has nothing', 'pull_request_target', ''],
  ['runs of forks that have no secrets', 'pull_request', SECRET],
])('is content with %s', (_name, on, second) => {
  expect(check(workflow(on, second))).toEqual([]);
});
