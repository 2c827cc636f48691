import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (job: string, step = '', on = 'pull_request') =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n      - run: npm ci\n${step}`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('manifest-as-code', workflow(...args)));

it.each([
  ['a secret of the step', '', '        env:\n          A: ${{ secrets.A }}\n', 7],
  ['a secret of the job', '    env:\n      A: ${{ secrets.A }}\n', '', 9],
  ['an identity', '    permissions:\n      id-token: write\n', '', 9],
  ['a token that can write', '    permissions:\n      packages: write\n', '', 9],
])('shows auditors a build with %s', (_name, job, step, line) => {
  expect(check(job, step)).toEqual([`${line} low auditor`]);
});

const SECRET = '        env:\n          A: ${{ secrets.A }}\n';
it.each([
  ['no credentials', '', '', 'pull_request'],
  ['the job’s own token', '', '        env:\n          A: ${{ secrets.GITHUB_TOKEN }}\n', 'pull_request'],
  ['other events', '', SECRET, 'push'],
  ['an environment', '    environment: tests\n', SECRET, 'pull_request'],
  ['a condition on the job', "    if: github.event_name == 'push'\n", SECRET, '[push, pull_request]'],
  [
    'a condition on the step',
    '',
    `        if: github.event_name == 'push'\n${SECRET}`,
    '[push, pull_request]',
  ],
])('is content with %s', (_name, job, step, on) => {
  expect(check(job, step, on)).toEqual([]);
});
