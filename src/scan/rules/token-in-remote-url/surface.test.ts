import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(...commands: string[]): string[] {
  const lines = commands.map((command) => `    - ${command}\n`).join('');
  return surfaceFindings(rule, { text: `build:\n  steps:\n${lines}`, jobs: () => ({}) }).map(
    ({ severity, persona, message, locations }) => `${locations.length} ${severity} ${persona} ${message}`,
  );
}

it('tells addresses that stay from those that pass', () => {
  expect(judge('git clone https://x:$GIT_TOKEN@git.example.com/a.git')).toEqual([
    '1 medium regular $GIT_TOKEN is written to the configuration of Git with the address in "build"',
  ]);
  expect(judge('git push https://$(GitHubPat)@git.example.com/a.git HEAD')).toEqual([
    '1 low pedantic $GitHubPat stands in an address on the command line of Git in "build"',
  ]);
});

it('reports a token once for each file', () => {
  const clone = (name: string) => `git clone https://x:\${GIT_TOKEN}@git.example.com/${name}.git`;
  expect(judge(clone('a'), clone('b'))).toEqual([
    '2 medium regular $GIT_TOKEN is written to the configuration of Git with the address in "build"',
  ]);
});

it('is silent about names and about other programs', () => {
  expect(judge('git clone https://$GIT_HOST@git.example.com/a.git')).toEqual([]);
  expect(judge('curl https://x:$API_TOKEN@example.com/')).toEqual([]);
});
