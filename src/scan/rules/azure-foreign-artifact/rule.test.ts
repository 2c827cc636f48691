import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const find = (task: string, inputs: string, more = '') =>
  briefly(
    findingsOf(
      'azure-foreign-artifact',
      `# --- azure-pipelines.yml\ntrigger: none\npr: none\nsteps:\n  - task: ${task}\n    inputs: { ${inputs} }\n${more}`,
    ),
  );

describe('azure-foreign-artifact', () => {
  it('knows that the newest run is what the task takes without being told', () => {
    expect(find('DownloadPipelineArtifact@2', 'source: specific, pipeline: 3')).toEqual(['4 low pedantic']);
    expect(find('DownloadBuildArtifacts@1', 'buildType: specific, definition: 3')).toEqual([
      '4 low pedantic',
    ]);
  });

  it('shows it to everybody where the job holds a credential', () => {
    const deploy = '  - task: AzureWebApp@1\n    inputs: { azureSubscription: production, appName: shop }\n';
    expect(find('DownloadPipelineArtifact@2', 'buildType: specific, pipeline: 3', deploy)).toEqual([
      '4 medium regular',
    ]);
  });

  it('leaves files of the same run alone', () => {
    expect(find('DownloadPipelineArtifact@2', 'artifact: site')).toEqual([]);
    expect(find('DownloadBuildArtifacts@1', 'buildType: current')).toEqual([]);
  });

  it('leaves a run alone that is named, or of a branch, or that started this one', () => {
    expect(find('DownloadPipelineArtifact@2', 'source: specific, runVersion: specific, runId: 9')).toEqual(
      [],
    );
    expect(find('DownloadPipelineArtifact@2', 'source: specific, runVersion: latestFromBranch')).toEqual([]);
    expect(find('DownloadPipelineArtifact@2', 'source: specific, preferTriggeringPipeline: true')).toEqual(
      [],
    );
  });
});
