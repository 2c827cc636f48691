import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../read-file.ts';
import { Repository } from '../repository.ts';
import { SourceText } from '../source.ts';
import { baseOf, candidatesOf, matchesCandidate } from './include-paths.ts';
import type { GitlabJob, Include } from './model.ts';
import { resolveConfigurations } from './resolve-includes.ts';

function resolve(files: Readonly<Record<string, string>>) {
  const read = Object.entries(files).map(([file, text]) => readDefinitions(new SourceText(file, text)));
  return resolveConfigurations(new Repository('', read));
}

function jobOf(text: string, id = 'a'): GitlabJob {
  const job = resolve({ '.gitlab-ci.yml': text })[0]?.jobs.find((each) => each.id === id);
  if (job === undefined) throw new Error(`no job ${id}`);
  return job;
}

describe('a trigger', () => {
  it('names a project, or the files of a child pipeline', () => {
    expect(jobOf('a: { trigger: g/p }').trigger?.project?.value).toBe('g/p');
    const { trigger } = jobOf(`a:
  trigger:
    include:
      - local: b.yml
      - { project: g/p, file: c.yml, ref: main }
      - { artifact: d.yml, job: make }
    forward: { pipeline_variables: true }
`);
    expect(trigger?.includes.map(({ kind, pin }) => `${kind} ${pin}`)).toEqual([
      'local local',
      'project branch',
    ]);
    expect(trigger?.generated.map(({ path, job }) => `${path.value} ${job ?? ''}`)).toEqual(['d.yml make']);
    expect(trigger?.forwardsPipelineVariables).toBeDefined();
  });

  it('starts a pipeline of its own, with its own includes', () => {
    const [main, child, ...others] = resolve({
      '.gitlab-ci.yml': 'a: { trigger: { include: .gitlab/child.yml } }\n',
      '.gitlab/child.yml': 'include: .gitlab/base.yml\nb: { extends: .base }\n',
      '.gitlab/base.yml': '.base: { script: [x] }\n',
    });
    expect(others).toEqual([]);
    expect(main?.jobs.map(({ id }) => id)).toEqual(['a']);
    expect(child?.jobs.find(({ id }) => id === 'b')?.steps).toHaveLength(1);
  });
});

describe('what a job needs, keeps and says of itself', () => {
  it('is read with its places', () => {
    const job = jobOf(`a:
  stage: deploy
  needs: [b, { job: c, project: g/p, ref: main, artifacts: false }, { job: d, optional: true }, { pipeline: x }]
  artifacts: { paths: [e, f], exclude: [g], public: false }
  resource_group: live
  interruptible: true
  environment: { name: live, deployment_tier: production }
  allow_failure: false
`);
    expect(job.needed.map((need) => [need.job, need.project?.value, need.artifacts, need.optional])).toEqual([
      ['b', undefined, true, false],
      ['c', 'g/p', false, false],
      ['d', undefined, true, true],
    ]);
    expect(job.artifacts?.paths.map(({ value }) => value)).toEqual(['e', 'f']);
    expect(job.artifacts?.access).toBe('developer');
    expect([job.resourceGroup?.value, job.interruptible?.value, job.deploymentTier]).toEqual([
      'live',
      'true',
      'production',
    ]);
    expect([job.stageWord?.value, job.failureAllowed]).toEqual(['deploy', false]);
  });

  it('is every line that runs, before the checkout and in `run:`, too', () => {
    const job = jobOf(`default:
  hooks: { pre_get_sources_script: [one] }
a:
  run:
    - { name: x, script: two }
    - { name: y, step: gitlab.example/z@v1 }
  after_script: [three]
`);
    expect(job.steps.flatMap(({ work }) => (work.kind === 'script' ? work.text.value : []))).toEqual([
      'one',
      'two',
      'three',
    ]);
  });
});

describe('a configuration', () => {
  it('is complete when all that it includes is here', () => {
    const complete = (include: string) =>
      resolve({
        '.gitlab-ci.yml': `include: ${include}\na: { script: [x] }\n`,
        'b.gitlab-ci.yml': 'c: {}\n',
      })[0]?.complete;
    expect(complete('b.gitlab-ci.yml')).toBe(true);
    expect(complete('"*.gitlab-ci.yml"')).toBe(true);
    expect(complete('gone.yml')).toBe(false);
    expect(complete('{ template: Jobs/SAST.gitlab-ci.yml }')).toBe(false);
  });

  it('has a `.gitlab-ci.yml` that another one includes as a part of it, from whatever folder it starts', () => {
    const [main, ...others] = resolve({
      'x/.gitlab-ci.yml': 'include: service/.gitlab-ci.yml\na: { script: [x] }\n',
      'x/service/.gitlab-ci.yml': 'include: .gitlab/b.yml\n',
      'x/.gitlab/b.yml': 'b: { script: [y] }\n',
    });
    expect(others).toEqual([]);
    expect(main?.jobs.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('the path of an include', () => {
  const include = (value: string) => ({ kind: 'local', text: { value } }) as unknown as Include;

  it.each([
    ['/a/b.yml', 'x', ['x/a/b.yml', 'a/b.yml']],
    ['./a/../b.yml', '', ['b.yml']],
    ['../b.yml', 'x', []],
    ['a/../../b.yml', '', []],
    ['$A.yml', '', []],
    ['a\\b.yml', '', []],
    ['*'.repeat(20), '', []],
    ['a'.repeat(400), '', []],
  ])('%s below "%s" may be %j', (value, base, candidates) => {
    expect(candidatesOf(include(value), base)).toEqual(candidates);
  });

  it.each([
    ['ci/a.yml', 'ci/*.yml', true],
    ['ci/b/a.yml', 'ci/*.yml', false],
    ['ci/b/a.yml', 'ci/**.yml', true],
    ['ci/b/a.yml', 'ci/**/*.yml', true],
    ['ci/a.yml', 'ci/a.yml', true],
  ])('%s for %s: %s', (file, candidate, matches) => {
    expect(matchesCandidate(file, candidate)).toBe(matches);
  });

  it.each([
    ['.gitlab-ci.yml', ''],
    ['a/.gitlab-ci.yml', 'a'],
    ['a/.gitlab/ci/b.yml', 'a'],
    ['.gitlab/b.yml', ''],
  ])('%s starts from "%s"', (file, base) => {
    expect(baseOf(file)).toBe(base);
  });
});
