import { describe, expect, it } from 'vitest';
import { readOne, readRepository, pipelineOf, startsOf } from './testing/read.ts';

function startsIn(head: string): string[] {
  const [job] = readOne(`${head}\nsteps:\n  - script: make\n`).jobs;
  return job === undefined ? [] : startsOf(job);
}

const MANUAL = 'a person with the right to start it';
const OWN_REQUEST = 'a pull request from a branch of the repository';

describe('the starts of a job', () => {
  it('are pushes to every branch when nothing is said', () => {
    expect(startsIn('name: x')).toEqual([
      'a push to the default branch',
      'a push to any branch',
      OWN_REQUEST,
      MANUAL,
    ]);
  });

  it('are only a person when nothing else may', () => {
    expect(startsIn('trigger: none\npr: none')).toEqual([MANUAL]);
    expect(startsIn("trigger: 'none'\npr: None")).toEqual([MANUAL]);
  });

  it('are outsiders where `pr:` says so, and which settings let them', () => {
    const [job] = readOne('trigger: none\npr: [main]\nsteps:\n  - script: make\n').jobs;
    const outside = job?.surface.starts.filter(({ actor }) => actor === 'contributor-with-approval') ?? [];
    expect(outside.map(({ code, authority, setting }) => [code, authority, setting])).toEqual([
      ['merge', 'read-only-for-forks', '"Build pull requests from forks of this repository"'],
      ['merge', 'full', '"… the same permissions as regular builds" for forks'],
    ]);
  });

  it('tell production from the rest', () => {
    const [job] = readOne('trigger: [main, feature/*]\npr: none\nsteps:\n  - script: make\n').jobs;
    expect(job?.surface.starts.map(({ what, production }) => [what, production])).toEqual([
      ['a push to main', true],
      ['a push to feature/*', false],
      [MANUAL, false],
    ]);
  });

  it('are outsiders without `pr:` where the repository is one of GitHub', () => {
    const files = {
      'azure-pipelines.yml': 'trigger: [main]\nsteps:\n  - script: make\n',
      '.github/workflows/a.yml': 'on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: make }] } }\n',
    };
    const [job] = pipelineOf(readRepository(files), 'azure-pipelines.yml').jobs;
    expect(job === undefined ? [] : startsOf(job)).toContain('a pull request from a fork, without secrets');
  });

  it('include schedules and other pipelines', () => {
    const head =
      'trigger: none\npr: none\nschedules: [{ cron: 0 1 * * *, branches: { include: [main] } }]\nresources:\n  pipelines:\n    - pipeline: up\n      source: upstream\n      trigger: true';
    expect(startsIn(head)).toEqual(['a schedule', 'the end of the pipeline upstream', MANUAL]);
  });
});

describe('conditions', () => {
  const PR = 'trigger: [main]\npr: [main]\n';
  const forked = (text: string, id: string) => {
    const job = readOne(PR + text).jobs.find((each) => each.id === id);
    return job === undefined ? undefined : startsOf(job).some((what) => what.includes('fork'));
  };

  it('keep a job, its stage, and what waits for them from pull requests', () => {
    const text = `stages:
  - stage: a
    condition: ne(variables['Build.Reason'], 'PullRequest')
    jobs: [{ job: one, steps: [{ script: make }] }]
  - stage: b
    jobs: [{ job: two, steps: [{ script: make }] }]
  - stage: c
    dependsOn: []
    jobs:
      - { job: three, steps: [{ script: make }] }
      - { job: four, condition: "eq(variables['Build.SourceBranch'], 'refs/heads/main')", steps: [{ script: make }] }
      - { job: five, dependsOn: four, steps: [{ script: make }] }
      - { job: six, dependsOn: four, condition: always(), steps: [{ script: make }] }
`;
    const ids = ['one', 'two', 'three', 'four', 'five', 'six'];
    expect(ids.map((id) => forked(text, id))).toEqual([false, false, true, false, false, true]);
  });

  it('count around things as well', () => {
    const text = `jobs:
  - \${{ if ne(variables['Build.Reason'], 'PullRequest') }}:
      - job: one
        steps: [{ script: make }]
  - job: two
    steps: [{ script: make }]
`;
    expect([forked(text, 'one'), forked(text, 'two')]).toEqual([false, true]);
  });
});
