import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const find = (script: string) =>
  briefly(
    findingsOf(
      'azure-unmasked-secret',
      `# --- azure-pipelines.yml\ntrigger: none\npr: none\nsteps:\n  - pwsh: |\n      ${script}\n`,
    ),
  );

describe('azure-unmasked-secret', () => {
  it('finds a value that stands in the file', () => {
    expect(find('Write-Host "##vso[task.setvariable variable=login;issecret=true]hunter-22"')).toEqual([
      '5 high regular',
    ]);
  });

  it('finds outputs and properties in any order', () => {
    expect(find('Write-Host "##vso[task.setvariable isOutput=true;variable=apiKey;]$key"')).toEqual([
      '5 medium regular',
    ]);
  });

  it('finds what says in so many words that it is no secret', () => {
    expect(find('echo "##vso[task.setvariable variable=SAS;issecret=false]$sas"')).toEqual([
      '5 medium regular',
    ]);
  });

  it('leaves other variables and other values alone', () => {
    expect(find('echo "##vso[task.setvariable variable=outputPath]$path"')).toEqual([]);
    expect(find('echo "##vso[task.setvariable variable=UseToken]true"')).toEqual([]);
    expect(find('echo "##vso[task.setvariable variable=token;issecret=true]$token"')).toEqual([]);
    expect(find('echo "##vso[task.setvariable variable=token;issecret=true]"')).toEqual([]);
  });

  it('never shows the value', () => {
    const [finding] = findingsOf(
      'azure-unmasked-secret',
      '# --- azure-pipelines.yml\nsteps:\n  - bash: echo "##vso[task.setvariable variable=a;issecret=true]correct-horse"\n',
    );
    expect(`${finding?.message} ${finding?.explanation} ${finding?.remedy}`).not.toContain('correct-horse');
  });

  it('takes a script of one megabyte without waiting', () => {
    const begun = threadMs();
    expect(find(`echo "##vso[task.setvariable variable=token]${' "'.repeat(500_000)}"`)).toEqual([]);
    expect(find('##vso[task.setvariable'.repeat(20_000))).toEqual([]);
    expect(threadMs() - begun).toBeLessThan(3_000);
  });
});
