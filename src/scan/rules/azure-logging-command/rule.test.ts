import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const find = (steps: string) =>
  briefly(
    findingsOf(
      'azure-logging-command',
      `# --- azure-pipelines.yml\ntrigger: [main]\npr: none\nparameters:\n  - name: greeting\n    type: string\n    default: hi\nsteps:\n${steps}\n`,
    ),
  );

describe('azure-logging-command', () => {
  it('finds PowerShell, too', () => {
    expect(find('  - pwsh: Write-Host "for $env:BUILD_SOURCEVERSIONAUTHOR"')).toEqual(['8 medium regular']);
  });

  it('follows a variable of the step', () => {
    expect(find('  - bash: echo "$MESSAGE"\n    env:\n      MESSAGE: $(Build.SourceVersionMessage)')).toEqual(
      ['8 medium regular'],
    );
  });

  it('leaves names of branches alone, which cannot hold a bracket', () => {
    expect(find('  - bash: echo "$BUILD_SOURCEBRANCHNAME $SYSTEM_PULLREQUEST_SOURCEBRANCH"')).toEqual([]);
  });

  it('leaves alone what goes into a file or another program', () => {
    expect(find('  - bash: echo "$BUILD_SOURCEVERSIONMESSAGE" > message.txt')).toEqual([]);
    expect(find('  - bash: echo "$BUILD_SOURCEVERSIONMESSAGE" | wc -c')).toEqual([]);
  });

  it('takes a longer name for another variable', () => {
    expect(find('  - bash: echo "$BUILD_SOURCEVERSIONMESSAGES"')).toEqual([]);
  });

  it('tells pedants when members write the text', () => {
    const steps = '  - bash: echo "$GREETING"\n    env:\n      GREETING: ${{ parameters.greeting }}';
    expect(find(steps)).toEqual(['8 low pedantic']);
  });

  it('takes a script of one megabyte without waiting', () => {
    const begun = threadMs();
    expect(find(`  - bash: echo "${'$'.repeat(1_000_000)}"`)).toEqual([]);
    expect(threadMs() - begun).toBeLessThan(2_000);
  });
});
