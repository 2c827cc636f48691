import { expect, it } from 'vitest';
import {
  BARE,
  BRANCH,
  MEMBER,
  COMMENTER,
  surfaceBriefs,
  surfaceFindings,
  type SurfaceFixture,
  WITH_SETTING,
} from '../../testing/surface.ts';
import { rule } from './rule.ts';

const TEXT = 'build:\n  steps:\n    - |\n      echo <<title>>\n      echo "<<title>>"\n';

it('says who writes the value, where it ends up, and what the job has', () => {
  const [finding, ...others] = surfaceFindings(rule, {
    text: TEXT,
    jobs: ({ insertion, credential }) => ({
      build: {
        starts: [COMMENTER],
        insertions: [insertion('<<title>>')],
        credentials: [credential('build', { name: 'deploy', kind: 'secret-group' })],
      },
    }),
  });
  expect(others).toEqual([]);
  expect(finding?.message).toBe(
    'anybody can write the title of the pull request (pull.title), and it becomes code of the job "build", which has the context deploy',
  );
  expect(finding?.severity).toBe('critical');
  expect(finding?.remedy).toContain('environment: { TITLE: <<title>> }');
  expect(finding?.attack).toEqual({ complexity: 'low', reaches: ['the context deploy'] });
  expect(finding?.path?.map(({ label }) => label)).toEqual([
    'a comment that anybody writes',
    'pull.title is pasted into the script',
  ]);
});

it('is as bad as the run that the outsider starts', () => {
  const briefs = [[COMMENTER], [WITH_SETTING], [BARE], [MEMBER], [BRANCH, BARE], []].map((starts) =>
    surfaceBriefs(rule, {
      text: TEXT,
      jobs: ({ insertion }) => ({ build: { starts, insertions: [insertion('<<title>>')] } }),
    }),
  );
  expect(briefs).toEqual([
    ['4 high regular'],
    // A fork that a setting lets in brings a definition of its own.
    ['4 medium regular'],
    ['4 medium regular'],
    ['4 medium regular'],
    ['4 medium regular'],
    ['4 medium regular'],
  ]);
});

it('leaves what members and callers write to those who want to know', () => {
  const briefs = (['member', 'caller'] as const).map((writtenBy) =>
    surfaceBriefs(rule, {
      text: TEXT,
      jobs: ({ insertion }) => ({
        build: { starts: [COMMENTER], insertions: [insertion('<<title>>', { writtenBy })] },
      }),
    }),
  );
  expect(briefs).toEqual([['4 low pedantic'], ['4 low auditor']]);
});

it('reports a value once for each script, with its other places', () => {
  const [finding, ...others] = surfaceFindings(rule, {
    text: TEXT,
    jobs: ({ insertion, script }) => {
      const first = insertion('<<title>>');
      const start = script('<<title>>').value.lastIndexOf('<<title>>');
      return {
        build: { starts: [BARE], insertions: [first, { ...first, start, end: start + '<<title>>'.length }] },
      };
    },
  });
  expect(others).toEqual([]);
  expect(finding?.locations.map(({ start }) => start.line)).toEqual([4, 5]);
});

it('reports a script that two jobs share for the worse of them', () => {
  const findings = surfaceFindings(rule, {
    text: 'one:\n  steps: &s\n    - echo <<title>>\ntwo:\n  steps: *s\n',
    jobs: ({ insertion }) => ({
      one: { starts: [BARE], insertions: [insertion('<<title>>')] },
      two: { starts: [COMMENTER], insertions: [insertion('<<title>>')] },
    }),
  });
  expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    'high anybody can write the title of the pull request (pull.title), and it becomes code of the job "two"',
  ]);
});

it('does not take a setting for a script', () => {
  const briefs = surfaceBriefs(rule, {
    text: TEXT,
    jobs: ({ insertion }) => ({
      build: { starts: [COMMENTER], insertions: [insertion('<<title>>', { into: 'argument' })] },
    }),
  });
  expect(briefs).toEqual(['4 medium pedantic']);
});

it('writes the remedy in the language of the platform', () => {
  const platforms = ['azure', 'circleci', 'jenkins', 'tekton', 'argo', 'woodpecker', 'bitbucket'] as const;
  const remedies = platforms.map((platform) => {
    const name = platform === 'azure' ? 'Build.SourceBranchName' : 'params.BRANCH';
    const fixture: SurfaceFixture = {
      platform,
      text: TEXT,
      jobs: ({ insertion }) => ({
        build: { starts: [BARE], insertions: [insertion('<<title>>', { name })] },
      }),
    };
    return /`([^`]+)`/.exec(surfaceFindings(rule, fixture)[0]?.remedy ?? '')?.[1];
  });
  expect(remedies).toEqual([
    'env: { SOURCE_BRANCH_NAME: <<title>> }',
    'environment: { BRANCH: <<title>> }',
    `sh 'echo "$BRANCH"'`,
    'env: [{ name: BRANCH, value: "<<title>>" }]',
    'env: [{ name: BRANCH, value: "<<title>>" }]',
    '"$BRANCH"',
    '"$BRANCH"',
  ]);
});
