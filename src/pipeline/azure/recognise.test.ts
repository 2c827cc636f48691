import { describe, expect, it } from 'vitest';
import { SourceText } from '../source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { kindOfAzureContent, kindOfAzurePath } from './recognise.ts';

function kindOf(text: string): string | undefined {
  const [root] = parseYaml(new SourceText('any.yml', text)).documents;
  return root === undefined ? undefined : kindOfAzureContent(root);
}

describe('kindOfAzurePath', () => {
  it.each([
    'azure-pipelines.yml',
    '.azure-pipelines.yaml',
    'azure-pipelines-pr.yml',
    'azure-pipelines.release.yml',
    'service/azure-pipeline.yml',
    'ci/nightly.azure-pipelines.yml',
    '.vsts-ci.yml',
  ])('takes %s for a pipeline', (file) => expect(kindOfAzurePath(file)).toBe('workflow'));

  it.each([
    '.azure-pipelines/jobs/build.yml',
    '.azuredevops/release.yml',
    '.pipelines/templates/steps.yml',
    'eng/common/templates/job/job.yml',
  ])('looks into %s', (file) => expect(kindOfAzurePath(file)).toBe('template'));

  it.each([
    '.azuredevops/dependabot.yml',
    'azure-pipelines.json',
    'docs/azure-pipelines.md',
    'pipelines/build.yml',
    '.github/workflows/azure.yml',
    'templates/deployment.yaml',
    'azure.yaml',
  ])('leaves %s alone', (file) => expect(kindOfAzurePath(file)).toBeUndefined());
});

describe('kindOfAzureContent', () => {
  it('knows pipelines and templates by their lists', () => {
    expect(kindOf('trigger: none\nsteps:\n  - script: make\n')).toBe('workflow');
    expect(kindOf('parameters:\n  - name: a\nsteps:\n  - task: Bash@3\n')).toBe('template');
    expect(kindOf('jobs:\n  - ${{ each x in parameters.list }}:\n      - job: a\n')).toBe('template');
    expect(kindOf('variables:\n  - group: shared\n')).toBe('template');
    expect(kindOf('variables:\n  - name: a\n    value: b\n')).toBe('template');
  });

  it('takes nothing of other platforms', () => {
    expect(kindOf('on: push\njobs:\n  a:\n    steps:\n      - run: make\n')).toBeUndefined();
    expect(kindOf('stages: [build]\nbuild:\n  script: make\n')).toBeUndefined();
    expect(kindOf('version: 2.1\njobs:\n  a:\n    docker: [{ image: b }]\n')).toBeUndefined();
    expect(kindOf('steps:\n  - name: a\n    image: b\n    commands: [make]\n')).toBeUndefined();
    expect(kindOf('variables:\n  a: b\n')).toBeUndefined();
  });
});
