import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (value: string, secret = '') =>
  briefly(
    findingsOf(
      'debug-mode',
      `on: push\nenv:\n  RUNNER_DEBUG: ${value}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make ${secret}\n`,
    ),
  );

it('matters more where there are secrets', () => {
  expect(check('1')).toEqual(['3 low pedantic']);
  expect(check('"true"', '${{ secrets.A }}')).toEqual(['3 low regular']);
});

it('leaves alone what is off, or only on when somebody asks for it', () => {
  expect(check('0')).toEqual([]);
  expect(check('${{ inputs.debug }}')).toEqual([]);
});
