import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { pipelineOf, readOne, readRepository, startsOf } from './testing/read.ts';

const ROOT = `trigger: none
pr: [main]
variables:
  - template: ci/variables.yml
jobs:
  - job: build
    steps:
      - template: /ci/steps.yml
        parameters: { text: $(System.PullRequest.SourceBranch), plain: yes }
`;
const STEPS = `parameters:
  - { name: text, type: string }
  - { name: plain, type: string }
steps:
  - script: echo "\${{ parameters.text }}" \${{ parameters.plain }}
  - task: AzureCLI@2
    inputs: { azureSubscription: shop, scriptType: bash, inlineScript: az account show }
`;
const FILES = {
  'azure-pipelines.yml': ROOT,
  'ci/steps.yml': STEPS,
  'ci/variables.yml': 'variables:\n  - group: shared\n',
};

describe('a template', () => {
  const files = readRepository(FILES);
  const root = pipelineOf(files, 'azure-pipelines.yml');
  const [template] = pipelineOf(files, 'ci/steps.yml').jobs;

  it('is started by what starts its callers', () => {
    expect(template === undefined ? [] : startsOf(template)[0]).toBe(
      'a pull request from a fork, without secrets',
    );
  });

  it('gets foreign text by its parameters, and the way it took', () => {
    const [insertion, ...others] = template?.surface.insertions ?? [];
    expect(others).toEqual([]);
    expect(insertion?.name).toBe('System.PullRequest.SourceBranch');
    expect(insertion?.hops.map(({ source, label }) => [source.file, label])).toEqual([
      ['azure-pipelines.yml', 'is given to the template as text'],
    ]);
  });

  it('gives the job that uses it what it holds', () => {
    const names = root.jobs[0]?.surface.credentials.map(({ name, source }) => [name, source.file]);
    expect(names).toEqual([
      ['shared', 'ci/variables.yml'],
      ['shop', 'ci/steps.yml'],
    ]);
  });

  it('makes the pipeline complete when it is there', () => {
    expect(root.surface.complete).toBe(true);
    expect(readOne(ROOT).surface.complete).toBe(false);
  });
});

describe('templates', () => {
  it('may use each other in a circle without harm', () => {
    const files = readRepository({
      'azure-pipelines.yml': 'steps:\n  - template: ci/a.yml\n',
      'ci/a.yml': 'steps:\n  - template: b.yml\n  - script: one\n',
      'ci/b.yml': 'steps:\n  - template: a.yml\n  - template: b.yml\n  - script: two\n',
    });
    expect(pipelineOf(files, 'ci/b.yml').jobs[0]?.surface.starts.length).toBeGreaterThan(0);
  });

  it('never lead out of the repository', () => {
    expect(readOne('steps:\n  - template: ../../etc/passwd.yml\n').calls.map(({ file }) => file)).toEqual([
      undefined,
    ]);
  });

  it('of other repositories are imports, as firmly as their ref', () => {
    const imports = (ref: string) =>
      readOne(
        `resources:\n  repositories:\n    - { repository: t, type: github, name: a/b${ref} }\nextends:\n  template: x.yml@t\n`,
      ).surface.imports.map(({ pin, origin }) => [pin, origin]);
    expect(imports('')).toEqual([['none', 'third-party']]);
    expect(imports(', ref: refs/heads/main')).toEqual([['branch', 'third-party']]);
    expect(imports(', ref: refs/tags/v1')).toEqual([['tag', 'third-party']]);
    expect(imports(`, ref: ${'a'.repeat(40)}`)).toEqual([['commit', 'third-party']]);
  });

  it('get jobs and steps that are written where they are used', () => {
    const { jobs } = readOne(`trigger: none
extends:
  template: x.yml@t
  parameters:
    stages:
      - stage: a
        jobs: [{ job: one, steps: [{ script: make }] }]
    preSteps:
      - bash: make
`);
    expect(jobs.map(({ id, steps }) => [id, steps.length])).toEqual([
      ['one', 1],
      ['Job', 1],
    ]);
  });

  it('for variables count where they are used', () => {
    const files = readRepository({
      'azure-pipelines.yml': `stages:
  - stage: a
    variables: [{ template: ci/v.yml }]
    jobs: [{ job: one, steps: [{ script: make }] }]
  - stage: b
    jobs:
      - { job: two, steps: [{ script: make }] }
      - { job: three, variables: [{ template: ci/v.yml }], steps: [{ script: make }] }
`,
      'ci/v.yml': 'variables:\n  - group: shared\n',
    });
    const { jobs } = pipelineOf(files, 'azure-pipelines.yml');
    expect(jobs.map(({ id, surface }) => [id, surface.credentials.length])).toEqual([
      ['one', 1],
      ['two', 0],
      ['three', 1],
    ]);
  });

  it('stay fast when hundreds use each other', () => {
    const files: Record<string, string> = { 'azure-pipelines.yml': 'steps:\n  - template: ci/0.yml\n' };
    for (let index = 0; index < 300; index += 1) {
      const calls = [1, 2, 3].map((step) => `  - template: ${(index + step) % 300}.yml`).join('\n');
      files[`ci/${index}.yml`] = `steps:\n  - script: make\n${calls}\n`;
    }
    const begun = threadMs();
    readRepository({ ...files, '.azure-pipelines/x.yml': 'steps:\n  - script: make\n' });
    expect(threadMs() - begun).toBeLessThan(5_000);
  });
});

describe('foreign text', () => {
  const names = (text: string) =>
    readOne(text).jobs[0]?.surface.insertions.map(({ name, hops }) => [name, hops.length]);

  it('follows variables, commands of the agent and functions', () => {
    expect(
      names('variables: { a: $(Build.SourceVersionMessage), b: $(a) }\nsteps:\n  - script: echo $(b)\n'),
    ).toEqual([['Build.SourceVersionMessage', 2]]);
    const set =
      'steps:\n  - bash: echo "##vso[task.setvariable variable=t]$BUILD_SOURCEVERSIONMESSAGE"\n  - bash: x $(t)\n';
    expect(names(set)).toEqual([['Build.SourceVersionMessage', 1]]);
    expect(
      names("steps:\n  - script: x ${{ replace(variables['Build.SourceBranchName'], '/', '-') }}\n"),
    ).toEqual([['Build.SourceBranchName', 0]]);
  });

  it('is no more behind a comparison, or when somebody gives the name another value', () => {
    expect(names("steps:\n  - script: x ${{ eq(variables['Build.SourceBranchName'], 'a') }}\n")).toEqual([]);
    expect(
      names(
        'variables: { t: $(Build.SourceBranch) }\njobs:\n  - job: a\n    variables: { t: b }\n    steps: [{ script: x $(t) }]\n',
      ),
    ).toEqual([]);
  });

  it('is a parameter only when it is free text', () => {
    const text = (type: string) =>
      `parameters:\n  - { name: p, ${type} }\nsteps:\n  - script: x \${{ parameters.p }}\n`;
    expect(names(text('type: string'))).toEqual([['parameters.p', 0]]);
    expect(names(text('type: boolean'))).toEqual([]);
    expect(names(text('type: string, values: [a, b]'))).toEqual([]);
  });
});
