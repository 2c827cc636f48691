import { describe, expect, it } from 'vitest';
import { jobOf, readOne } from './testing/read.ts';

describe('steps', () => {
  const pipeline = readOne(`steps:
  - checkout: self
    persistCredentials: true
  - bash: |
      make
      make test
    displayName: Build
    env: { A: b }
  - pwsh: ./build.ps1
  - task: AzureCLI@2
    inputs:
      scriptType: pscore
      inlineScript: az account show
  - task: Bash@3
    inputs: { script: make }
  - task: publisher.extension.Tool@4
    inputs: { mode: fast }
`);
  const [job] = pipeline.jobs;
  const steps = job?.steps ?? [];

  it('are scripts, also inside of tasks, and actions', () => {
    expect(steps.map(({ work }) => work.kind)).toEqual([
      'other',
      'script',
      'script',
      'script',
      'script',
      'action',
    ]);
  });

  it('know their shell', () => {
    const shells = steps.map(({ work }) => (work.kind === 'script' ? work.shell?.value : undefined));
    expect(shells).toEqual([undefined, 'bash', 'pwsh', 'pscore', 'bash', undefined]);
  });

  it('keep the place of each line', () => {
    const work = steps[1]?.work;
    if (work?.kind !== 'script') throw new Error('no script');
    const at = work.text.value.indexOf('make test');
    expect(pipeline.source.slice(work.text.span(at, at + 9))).toBe('make test');
  });

  it('name task and publisher', () => {
    const work = steps[5]?.work;
    expect(work?.kind === 'action' ? work.reference : undefined).toMatchObject({
      repository: 'publisher.extension.tool',
      owner: 'publisher',
      ref: '4',
    });
  });

  it('tell that the token stays in the working copy', () => {
    const place = job?.surface.persistedToken;
    expect(place === undefined ? '' : place.source.slice(place.span)).toBe('persistCredentials: true');
  });
});

describe('jobs', () => {
  const pipeline = readOne(`pool: { name: Farm }
stages:
  - stage: build
    jobs:
      - job: one
        pool: { vmImage: ubuntu-24.04 }
        container: node:22
        steps: [{ script: make }]
      - job: two
        strategy: { matrix: { a: { VERSION: '1' }, b: { VERSION: '2' } } }
        steps: [{ script: make }]
      - job: three
        pool: { name: Farm, demands: [ImageOverride -equals x] }
        steps: [{ script: make }]
  - stage: ship
    jobs:
      - deployment: four
        environment: { name: production }
        strategy:
          rolling:
            preDeploy: { steps: [{ script: one }] }
            deploy: { steps: [{ script: two }] }
            on: { failure: { steps: [{ script: three }] } }
`);

  it('know where they run', () => {
    expect(pipeline.jobs.map(({ id, runner }) => [id, runner?.hosting])).toEqual([
      ['one', 'hosted'],
      ['two', 'self-hosted'],
      ['three', 'unknown'],
      ['four', 'self-hosted'],
    ]);
  });

  it('have containers and matrices', () => {
    expect(jobOf(pipeline, 'one').container?.reference).toMatchObject({ name: 'node', tag: '22' });
    expect(jobOf(pipeline, 'two').matrix.map(({ value }) => value?.value)).toEqual(['1', '2']);
  });

  it('deploy in all the hooks of a strategy', () => {
    const { steps, surface } = jobOf(pipeline, 'four');
    expect(steps.map(({ work }) => (work.kind === 'script' ? work.text.value : ''))).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(surface.deploysTo?.environment).toBe('production');
  });
});

describe('credentials', () => {
  const held = (text: string) =>
    readOne(text).jobs[0]?.surface.credentials.map(({ kind, name, scope }) => [kind, name, scope]);

  it('are groups, connections, secrets and tokens, at the scope they have', () => {
    const text = `trigger: none
pr: none
variables:
  - group: everywhere
jobs:
  - job: a
    variables: [{ group: here }, { name: plain, value: x }]
    steps:
      - task: AzureWebApp@1
        inputs: { azureSubscription: production, appName: shop }
      - script: ./a
        env: { T: $(System.AccessToken), K: $(NuGetApiKey), P: $(plain), O: $(outputPath), B: $(Build.SourceBranch) }
      - task: DownloadSecureFile@1
        inputs: { secureFile: key.pem }
`;
    expect(held(text)).toEqual([
      ['secret-group', 'everywhere', 'pipeline'],
      ['secret-group', 'here', 'job'],
      ['connection', 'production', 'step'],
      ['platform-token', 'System.AccessToken', 'step'],
      ['secret', 'NuGetApiKey', 'step'],
      ['secret', 'key.pem', 'job'],
    ]);
  });

  it('are none of the names whose value stands in the file', () => {
    expect(
      held('trigger: none\npr: none\nvariables: { apiKey: none }\nsteps:\n  - script: ./a $(apiKey)\n'),
    ).toEqual([]);
  });

  it('take the way of an approval along', () => {
    const text = `stages:
  - stage: ask
    jobs: [{ job: wait, pool: server, steps: [{ task: ManualValidation@1 }] }]
  - stage: go
    jobs: [{ job: go, steps: [{ script: make }] }]
`;
    expect(jobOf(readOne(text), 'go').surface.approvals).toHaveLength(1);
  });
});
