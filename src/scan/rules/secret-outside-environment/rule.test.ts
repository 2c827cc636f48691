import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, value: string) =>
  briefly(
    findingsOf(
      'secret-outside-environment',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          X: ${value}\n`,
    ),
  );

it('names the job once, for auditors', () => {
  expect(check('push', '${{ secrets.A }}${{ secrets.B }}')).toEqual(['3 medium auditor']);
});

it('does not mean the token of the job, nor workflows that only others call', () => {
  expect(check('push', '${{ secrets.GITHUB_TOKEN }}')).toEqual([]);
  expect(check('workflow_call', '${{ secrets.A }}')).toEqual([]);
});
