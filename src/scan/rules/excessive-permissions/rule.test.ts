import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const JOB = '\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n';
const check = (top: string) =>
  briefly(findingsOf('excessive-permissions', `${top}\njobs:${JOB}${JOB.replace('a:', 'b:')}`));

it('asks for a block when there is none, once for the workflow', () => {
  expect(check('on: push')).toEqual(['3 medium regular', '7 medium pedantic']);
  expect(check('on: workflow_call')).toEqual(['3 medium pedantic', '7 medium pedantic']);
});

it('does not ask when each job has its own', () => {
  expect(
    briefly(
      findingsOf('excessive-permissions', 'on: push\njobs:\n  a:\n    permissions: {}\n    steps: []\n'),
    ),
  ).toEqual([]);
});

it('ranks shorthand and shared write scopes', () => {
  expect(check('on: push\npermissions: write-all')).toEqual(['2 high regular']);
  expect(check('on: push\npermissions: read-all')).toEqual(['2 medium regular']);
  expect(check('on: push\npermissions:\n  contents: write\n  statuses: write')).toEqual([
    '3 high regular',
    '4 medium regular',
  ]);
  expect(check('on: push\npermissions:\n  contents: read')).toEqual([]);
});

it('leaves a scope at the workflow of a single job to pedants', () => {
  const text = `on: push\npermissions:\n  contents: write\njobs:${JOB}`;
  expect(briefly(findingsOf('excessive-permissions', text))).toEqual(['3 high pedantic']);
});
