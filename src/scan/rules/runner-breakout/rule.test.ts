import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (script: string, runner = 'self-hosted', more = '') =>
  `on: push\njobs:\n  a:\n    runs-on: ${runner}\n${more}    steps:\n      - run: ${script}\n`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('runner-breakout', workflow(...args)));

it.each([
  'sudo apt-get install -y make',
  'docker run --privileged image',
  'docker run -v /:/host image',
  'curl http://169.254.169.254/latest/meta-data/',
])('shows auditors: %s', (script) => {
  expect(check(script)).toEqual(['6 medium auditor']);
});

it('looks at the container of the job', () => {
  expect(
    check('make', 'self-hosted', '    container:\n      image: a\n      options: --privileged\n'),
  ).toEqual(['6 medium auditor']);
});

it.each([
  ['hosted runners', 'sudo true', 'ubuntu-latest'],
  ['another account', 'sudo -u nobody true', 'self-hosted'],
  ['a word that contains it', 'echo pseudo', 'self-hosted'],
])('is content with %s', (_name, script, runner) => {
  expect(check(script, runner)).toEqual([]);
});
