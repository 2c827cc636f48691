import { expect, it } from 'vitest';
import type { JobSurface } from '#pipeline/surface.ts';
import { MEMBER, OUTSIDER, surfaceFindings, TITLE, type Written } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(command: string, surface: (written: Written) => Partial<JobSurface>): string[] {
  const findings = surfaceFindings(rule, {
    text: `review:\n  uses: KEY\n  steps:\n    - ${command}\n`,
    jobs: (written) => ({ review: surface(written) }),
  });
  return findings.map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
}

const FREE = 'claude -p "review" --dangerously-skip-permissions';

it('finds agents that read the files of outsiders', () => {
  expect(judge(FREE, ({ credential }) => ({ starts: [OUTSIDER], credentials: [credential('KEY')] }))).toEqual(
    [
      'critical regular Claude in "review" takes orders from the files of a pull request from a fork, with a shell without limits',
    ],
  );
  expect(judge('claude -p "review"', () => ({ starts: [OUTSIDER] }))[0]).toMatch(/^low pedantic/);
});

it('finds agents that are told what outsiders wrote', () => {
  expect(
    judge('codex exec --full-auto "$TITLE"', () => ({
      starts: [MEMBER],
      foreignVariables: new Map([['TITLE', TITLE]]),
    })),
  ).toEqual([
    'high regular Codex in "review" takes orders from the title of the pull request, with a shell without limits',
  ]);
});

it('is silent when only members start and tell it', () => {
  expect(judge(FREE, () => ({ starts: [MEMBER] }))).toEqual([]);
});
