import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readDefinitions } from '../read-file.ts';
import { Repository } from '../repository.ts';
import { SourceText } from '../source.ts';
import { type GitlabJob, type GitlabPipeline, isGitlabPipeline } from './model.ts';
import { mayRunInMergeRequest } from './read-pipeline.ts';
import { resolveConfigurations } from './resolve-includes.ts';

function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return new Repository(
    '',
    Object.entries(files).map(([file, text]) => readDefinitions(new SourceText(file, text))),
  );
}

function read(text: string): GitlabPipeline {
  const [pipeline] = repositoryOf({ '.gitlab-ci.yml': text }).pipelines;
  if (pipeline === undefined || !isGitlabPipeline(pipeline)) throw new Error('not read');
  return pipeline;
}

function jobOf(pipeline: GitlabPipeline | undefined, id: string): GitlabJob {
  const job = pipeline?.jobs.find((each) => each.id === id);
  if (job === undefined) throw new Error(`no job ${id}`);
  return job;
}

/** Lines of a job with the place that each was written at. */
function linesOf(job: GitlabJob): string[] {
  return job.steps.flatMap(({ work }) => {
    if (work.kind !== 'script') return [];
    const { source, node, value } = work.text;
    return [`${source.file}:${source.position(node.start).line} ${value}`];
  });
}

describe('what a job takes from elsewhere', () => {
  it('comes by `extends`, deep for mappings, and keeps its line', () => {
    const pipeline = read(`.a:
  variables: { A: a, B: a }
  script:
    - from a
.b:
  variables: { B: b }
  image: b:1
job:
  extends: [.a, .b]
  variables: { C: c }
`);
    const job = jobOf(pipeline, 'job');
    expect(job.env.map(({ name, value }) => `${name}=${value?.value ?? ''}`)).toEqual(['A=a', 'B=b', 'C=c']);
    expect(job.container?.text.value).toBe('b:1');
    expect(linesOf(job)).toEqual(['.gitlab-ci.yml:4 from a']);
    expect(jobOf(pipeline, '.a').hidden).toBe(true);
  });

  it('comes by anchors, merge keys and references', () => {
    const job = jobOf(
      read(`.lines: &lines
  - one
.shared: &shared
  image: a:1
  tags: [x]
.other:
  script:
    - two
    - !reference [.deep, script]
.deep:
  script: three
job:
  <<: *shared
  image: b:1
  script:
    - *lines
    - !reference [.other, script]
    - four
`),
      'job',
    );
    expect(linesOf(job).map((line) => line.split(' ')[1])).toEqual(['one', 'two', 'three', 'four']);
    expect([job.container?.text.value, job.runner?.labels[0]?.value]).toEqual(['b:1', 'x']);
  });

  it('comes from `default:` and the top of the file, unless it inherits nothing', () => {
    const pipeline = read(`default:
  image: a:1
  before_script: [first]
services: ['docker:dind']
variables: { A: a }
one: { script: [second] }
two: { script: [second], inherit: { default: false, variables: false } }
three: { script: [second], inherit: { default: [image] } }
`);
    const facts = (id: string) => {
      const job = jobOf(pipeline, id);
      return [job.container?.text.value, job.steps.length, job.services.length, job.env.length];
    };
    expect(facts('one')).toEqual(['a:1', 2, 1, 1]);
    expect(facts('two')).toEqual([undefined, 1, 0, 0]);
    expect(facts('three')).toEqual(['a:1', 1, 0, 1]);
  });

  it('ends where it leads back to itself, and says so', () => {
    const pipeline = read('.a: { extends: .b }\n.b: { extends: .a }\njob: { extends: .a, script: [x] }\n');
    expect(pipeline.problems[0]?.message).toContain('leads back to itself');
    expect(linesOf(jobOf(pipeline, 'job'))).toHaveLength(1);
    expect(read('a: { script: !reference [a, script] }').jobs).toHaveLength(1);
    expect(read('a: { extends: .gone, script: [x] }').unresolved).toEqual(['.gone']);
  });
});

describe('local includes', () => {
  const files = {
    '.gitlab-ci.yml': `include:
  - local: /.gitlab/ci/*.yml
  - project: a/b
    file: c.yml
variables: { A: main }
job:
  extends: .base
`,
    '.gitlab/ci/base.yml':
      'include: .gitlab/more.yml\nvariables: { A: base, B: base }\n.base: { script: [x] }\n',
    '.gitlab/more.yml': 'more: { script: [y] }\n',
    '.gitlab/alone.yml': 'alone: { script: [z] }\n',
  };

  it('are put in, nested ones too, and what includes wins', () => {
    const [main, alone, ...others] = resolveConfigurations(repositoryOf(files));
    expect(others).toEqual([]);
    expect(main?.jobs.map(({ id }) => id)).toEqual(['more', '.base', 'job']);
    expect(linesOf(jobOf(main, 'job'))).toEqual(['.gitlab/ci/base.yml:3 x']);
    expect(main?.env.map(({ value }) => value?.value)).toEqual(['main', 'base']);
    expect(main?.unresolved).toEqual([]);
    expect(alone?.file).toBe('.gitlab/alone.yml');
  });

  it('that include one another end', () => {
    const circle = {
      '.gitlab-ci.yml': 'include: .gitlab/a.yml\njob: { script: [x] }\n',
      '.gitlab/a.yml': 'include: [.gitlab/a.yml, .gitlab-ci.yml]\nother: { script: [y] }\n',
    };
    expect(resolveConfigurations(repositoryOf(circle))[0]?.jobs).toHaveLength(2);
  });
});

it('keeps includes of other projects with how firmly they are named', () => {
  const hash = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';
  const { includes } = read(`include:
  - a.yml
  - https://a.example/b.yml
  - { remote: https://a.example/b.yml, integrity: sha256-abc= }
  - { project: a/b, file: [c.yml, d.yml], ref: ${hash} }
  - { project: a/b, file: c.yml, ref: main }
  - { component: a.example/b/c@~latest }
  - { component: a.example/b/c@1.2.3 }
  - { template: Jobs/SAST.gitlab-ci.yml }
  - 7
  - {}
`);
  expect(includes.map(({ kind, pin }) => `${kind} ${pin}`)).toEqual([
    'local local',
    'remote none',
    'remote digest',
    'project commit',
    'project branch',
    'component none',
    'component tag',
    'template tag',
    'local local',
  ]);
});

it('reads what a rule asks for', () => {
  const job = jobOf(
    read(`job:
  stage: deploy
  environment: { name: production, action: stop }
  needs: [a, { job: b, artifacts: true }]
  id_tokens: { T: { aud: [x, y] } }
  secrets: { S: { vault: a/b } }
  allow_failure: true
  artifacts: { reports: { dotenv: a.env } }
  cache: { key: { files: [a.lock] }, unprotect: true, policy: pull }
  parallel: { matrix: [{ A: [1, 2] }] }
  script: ["echo $[[ inputs.name | expand_vars ]]"]
`),
    'job',
  );
  expect(job.environment?.name.value).toBe('production');
  expect(job.needs.map(({ value }) => value)).toEqual(['a', 'b']);
  expect(job.identityTokens[0]?.audiences.map(({ value }) => value)).toEqual(['x', 'y']);
  expect([job.secrets[0]?.name, job.reports[0]?.kind, job.caches[0]?.keyFiles]).toEqual([
    'S',
    'dotenv',
    ['a.lock'],
  ]);
  expect(job.allowFailure).toBeDefined();
  expect(job.matrix).toHaveLength(2);
  const work = job.steps[0]?.work;
  expect(work?.kind === 'script' ? work.text.expressions.length : 0).toBe(1);
});

it('knows which jobs run for merge requests', () => {
  const names = (text: string) =>
    read(text)
      .jobs.filter(mayRunInMergeRequest)
      .map(({ id }) => id);
  expect(names('a: { script: [x] }\nb: { script: [x], only: [merge_requests] }')).toEqual(['b']);
  expect(
    names('workflow: { rules: [{ if: $CI_MERGE_REQUEST_IID }] }\na: { script: [x] }\n.b: { script: [x] }'),
  ).toEqual(['a']);
});

it.each([
  ['.gitlab-ci.yml', 1],
  ['sub/.gitlab-ci.yml', 1],
  ['ci/build.gitlab-ci.yml', 1],
  ['.gitlab-ci-build.yml', 1],
  ['ci/.gitlab-ci.build.yaml', 1],
  ['fixtures/gitlab-ci.yml', 0],
  ['.gitlab-ci-local-variables.yml', 0],
  ['my-gitlab-ci.yml', 0],
  ['.gitlab/ci/build.yml', 1],
  ['.gitlab/agents/prod/config.yaml', 0],
  ['.gitlab/route-map.yml', 0],
  ['README.yml', 0],
])('%s is read: %i', (file, count) => {
  expect(repositoryOf({ [file]: 'some: { other: thing }\n' }).pipelines).toHaveLength(count);
});

it('reads any shape of words that it looks for', () => {
  const keys = ['extends', 'script', 'rules', 'if', 'default', 'include', 'variables', 'job', '.a', 'image'];
  const more = ['services', 'needs', 'cache', 'key', 'local', 'inherit', 'spec', 'inputs', 'trigger', '<<'];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, depthSize: 'large' },
      fc.constantFrom<unknown>('job', '.a', '$A == "x"', '*.yml', '$[[ inputs.x ]]', null, true, 1),
      fc.dictionary(fc.constantFrom(...keys, ...more), tie('tree'), { maxKeys: 6 }),
      fc.array(tie('tree'), { maxLength: 4 }),
    ),
  }));
  const property = fc.property(tree, tree, (main, other) => {
    const files = { '.gitlab-ci.yml': JSON.stringify(main), '.gitlab/job.yml': JSON.stringify(other) };
    for (const { jobs } of resolveConfigurations(repositoryOf(files))) jobs.map(mayRunInMergeRequest);
  });
  fc.assert(property, { numRuns: 400 });
});

it('stops where merging would never end', () => {
  const parents = (level: number) => Array.from({ length: 10 }, () => `.l${level}`).join(', ');
  const levels = Array.from({ length: 10 }, (_, level) => `.l${level}: { extends: [${parents(level + 1)}] }`);
  const wide = Array.from({ length: 200 }, (_, index) => `V${index}: x`).join(', ');
  const started = threadMs();
  read(`${levels.join('\n')}\n.l10: { variables: { ${wide} } }\njob: { extends: .l0, script: [x] }\n`);
  expect(threadMs() - started).toBeLessThan(5000);
});
