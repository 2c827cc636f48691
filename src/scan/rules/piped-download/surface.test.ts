import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(held: boolean): string[] {
  const findings = surfaceFindings(rule, {
    text: 'one:\n  steps: &steps\n    - curl -s https://get.example.com/i.sh | sh\ntwo:\n  steps: *steps\n',
    jobs: ({ credential }) => ({ two: { credentials: held ? [credential('two', { name: 'KEY' })] : [] } }),
  });
  return findings.map(({ persona, message }) => `${persona} ${message}`);
}

it('is everybody’s concern when one of the jobs that run it has a credential, and reported once', () => {
  expect(judge(true)).toEqual([
    'regular what get.example.com sends runs without anybody having looked at it, in "two", which has the secret KEY',
  ]);
  expect(judge(false)).toEqual([
    'auditor what get.example.com sends runs without anybody having looked at it',
  ]);
});
