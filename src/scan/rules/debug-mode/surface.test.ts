import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(env: string, command: string, held = true): string[] {
  const findings = surfaceFindings(rule, {
    text: `build:\n  env: { ${env} }\n  steps:\n    - |\n      ${command}\n      make\n`,
    jobs: ({ credential }) => ({
      build: { credentials: held ? [credential('build', { name: 'KEY' })] : [] },
    }),
  });
  return findings.map(({ persona, message }) => `${persona} ${message}`);
}

it('finds switches of the platform and of tools', () => {
  expect(judge('system.debug: true', 'make')).toEqual([
    'regular system.debug is always on, in a run that has the secret KEY',
  ]);
  expect(judge('TF_LOG: trace', 'make', false)).toEqual(['pedantic TF_LOG is always on']);
});

it('finds shells that print what they run beside secrets', () => {
  expect(judge('A: 1', 'set -ex')).toEqual([
    'pedantic the shell prints each command with its values in "build", which has the secret KEY',
  ]);
  expect(judge('A: 1', 'set -o xtrace').length).toBe(1);
});

it('is silent when it is off, or when there is nothing to print', () => {
  expect(judge('system.debug: false, TF_LOG: warn', 'set -eu')).toEqual([]);
  expect(judge('A: 1', 'set -ex', false)).toEqual([]);
});
