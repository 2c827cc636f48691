import { expect, it } from 'vitest';
import type { ImportUse } from '#pipeline/surface.ts';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(use: Partial<ImportUse>): string[] {
  const findings = surfaceFindings(rule, {
    text: 'build:\n  installs: terraform\n  steps: [make]\n',
    imports: ({ imported }) => [imported('terraform', { kind: 'tool', ...use })],
    jobs: () => ({}),
  });
  return findings.map(({ persona, message }) => `${persona} ${message}`);
}

it('finds programs that come in their newest version', () => {
  expect(judge({})).toEqual(['pedantic this installs whatever terraform is the newest']);
});

it('is silent about versions, and about other imports', () => {
  expect(judge({ version: '1.2.3', pin: 'tag' })).toEqual([]);
  expect(judge({ kind: 'orb' })).toEqual([]);
});
