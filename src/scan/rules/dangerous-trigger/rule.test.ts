import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const job = (lines: string) => `jobs:\n  a:\n    runs-on: ubuntu-latest\n${lines}    steps: []\n`;
const check = (text: string) => briefly(findingsOf('dangerous-trigger', text));

it('weighs the trigger by what its jobs reach', () => {
  const on = 'on: pull_request_target\npermissions: {}\n';
  expect(check(on + job('    env:\n      A: ${{ secrets.A }}\n'))).toEqual(['1 medium pedantic']);
  expect(check(on + job('    permissions:\n      contents: write\n'))).toEqual(['1 medium pedantic']);
  expect(check(on + job('    permissions:\n      issues: write\n'))).toEqual([]);
  expect(check(on + job('    env:\n      A: ${{ secrets.GITHUB_TOKEN }}\n'))).toEqual([]);
});

it('leaves a run without declared permissions to auditors', () => {
  expect(check(`on: workflow_run\n${job('')}`)).toEqual(['1 low auditor']);
});

it('believes a condition that stops outsiders', () => {
  const guard = '    if: github.event.pull_request.head.repo.full_name == github.repository\n';
  const text = job(`${guard}    env:\n      A: \${{ secrets.A }}\n`);
  expect(check(`on: pull_request_target\npermissions: {}\n${text}`)).toEqual([]);
});

it('is content with events that members cause', () => {
  expect(check(`on: [push, pull_request]\n${job('    env:\n      A: ${{ secrets.A }}\n')}`)).toEqual([]);
});
