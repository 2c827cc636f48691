import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (steps: string, on = 'workflow_dispatch') =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    env:\n      A: \${{ secrets.A }}\n    steps:\n${steps}`;
const check = (...args: Parameters<typeof workflow>) =>
  briefly(findingsOf('dispatched-pull-request', workflow(...args)));
const checkout = (ref: string) => `      - uses: actions/checkout@v4\n        with:\n          ref: ${ref}\n`;
const MAKE = '      - run: make\n';

it.each([
  ['a checkout', checkout('refs/pull/${{ inputs.pr }}/merge') + MAKE, 11],
  ['a script', '      - run: gh pr checkout ${{ github.event.inputs.pr-number }} && make\n', 9],
  [
    'a variable',
    '      - run: gh pr checkout "$PR" && make\n        env:\n          PR: ${{ inputs.pr }}\n',
    9,
  ],
])('sees the number in %s', (_name, steps, line) => {
  expect(check(steps)).toEqual([`${line} medium regular`]);
});

it('is for those who look closer when nothing runs', () => {
  expect(check(checkout('refs/pull/${{ inputs.pr }}/merge'))).toEqual(['11 low pedantic']);
});

it.each([
  ['a commit', checkout('${{ inputs.sha }}') + MAKE, 'workflow_dispatch'],
  ['a branch of its own', checkout('${{ inputs.pr }}') + MAKE, 'workflow_dispatch'],
  ['another event', checkout('refs/pull/${{ inputs.pr }}/merge') + MAKE, 'workflow_call'],
])('leaves %s alone', (_name, steps, on) => {
  expect(check(steps, on)).toEqual([]);
});
