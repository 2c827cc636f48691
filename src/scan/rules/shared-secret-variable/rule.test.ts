import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';
import { readFixture } from '../../testing/fixture.ts';

const messages = (text: string) => findingsOf('shared-secret-variable', text).map(({ message }) => message);

it('says who can read it', () => {
  expect(messages(readFixture('shared-secret-variable', 'bad')[0]?.text ?? '')).toEqual([
    'the secret in KEY is in the environment of all 2 jobs',
    'the secret in OTHER is in the environment of all 2 steps of deploy',
  ]);
});

it('has nothing to say where there is only one step', () => {
  const text =
    'on: push\nenv:\n  A: ${{ secrets.A }}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      B: ${{ secrets.B }}\n    steps:\n      - run: make\n';
  expect(messages(text)).toEqual([]);
});

it('does not mean the token of the job', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      B: ${{ secrets.GITHUB_TOKEN }}\n    steps:\n      - run: make\n      - run: make\n';
  expect(messages(text)).toEqual([]);
});
