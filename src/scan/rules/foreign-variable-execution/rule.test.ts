import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';
import { MEMBER, COMMENTER, surfaceFindings, type SurfaceFixture, TITLE } from '../../testing/surface.ts';
import { rule } from './rule.ts';

const foreignVariables = new Map([
  ['TITLE', TITLE],
  ['REF', { name: 'REF', what: 'the name of the branch', writtenBy: 'member' } as const],
]);

function lines(commands: readonly string[], starts = [COMMENTER]): string[] {
  const indented = commands.map((command) => `      ${command}\n`).join('');
  const fixture: SurfaceFixture = {
    text: `build:\n  steps:\n    - |\n${indented}`,
    jobs: () => ({ build: { starts, foreignVariables } }),
  };
  return surfaceFindings(rule, fixture).map(
    ({ locations, severity, message }) =>
      `${locations[0].start.line - 4} ${severity} ${/and (.+) runs/.exec(message)?.[1] ?? ''}`,
  );
}

it('finds the commands that read their argument as code', () => {
  const commands = [
    'eval "notify $TITLE"',
    'bash -c "echo $TITLE"',
    'sh -ec "echo ${TITLE}"',
    'sh -c $TITLE',
    `sh -c 'echo '"$TITLE"`,
    'python3 -c "print(\'$TITLE\')"',
    'ssh deploy@host "announce $TITLE"',
    'echo "say $TITLE" | bash',
    'psql -h db "insert into t values (\'$TITLE\')"',
    'Invoke-Expression "notify $env:TITLE"',
  ];
  expect(lines(commands).toSorted((left, right) => Number.parseInt(left) - Number.parseInt(right))).toEqual([
    '0 high eval',
    '1 high a shell',
    '2 high a shell',
    '3 high a shell',
    '4 high a shell',
    '5 high an interpreter',
    '6 high the shell of another machine',
    '7 high a shell',
    '8 high a database',
    '9 high PowerShell',
  ]);
});

it('is silent where the value stays a value', () => {
  const commands = [
    'echo "$TITLE"',
    `sh -c 'echo "$1"' _ "$TITLE"`,
    'bash -c "echo \\$TITLE"',
    'eval "notify $OTHER"',
    `eval 'echo $TITLE'`,
    'echo "$TITLE" | tee title.txt',
    'bash -c "make"; echo "$TITLE"',
  ];
  expect(lines(commands)).toEqual([]);
});

it('follows a variable that only copies another', () => {
  expect(lines(['NAME="$TITLE"', 'eval "notify $NAME"'])).toEqual(['1 high eval']);
});

it('tells members from outsiders, by the value and by the run', () => {
  expect(lines(['eval "notify $REF"'])).toEqual(['0 low eval']);
  expect(lines(['eval "notify $TITLE"'], [MEMBER])).toEqual(['0 medium eval']);
});

it('is done in time with a line of a megabyte', () => {
  const startMs = threadMs();
  for (const part of ['sh -x ', 'eval $T ', 'ssh a ', 'echo a', 'psql "\\', 'python -c ', '$']) {
    lines([part.repeat(1_000_000 / part.length)]);
  }
  expect(threadMs() - startMs).toBeLessThan(5_000);
});

it('knows that Windows pastes variables into its batch files', () => {
  const messages = (image: string) =>
    findingsOf(
      'foreign-variable-execution',
      `# --- azure-pipelines.yml\npr: [main]\npool: { vmImage: ${image} }\nsteps:\n  - script: echo %SYSTEM_PULLREQUEST_SOURCEBRANCH%\n`,
    ).map(({ message }) => message);
  expect(messages('windows-2022')).toEqual([
    'outsiders can write the name of the branch of a pull request (System.PullRequest.SourceBranch), and the command interpreter of Windows runs $SYSTEM_PULLREQUEST_SOURCEBRANCH as code in "Job"',
  ]);
  expect(messages('ubuntu-24.04')).toEqual([]);
});
