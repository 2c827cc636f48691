import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../model.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import type { JobSurface } from '../surface.ts';

function read(text: string): Pipeline {
  const { definitions, problems } = readDefinitions(new SourceText('.circleci/config.yml', text));
  expect(problems).toEqual([]);
  const [definition] = definitions;
  if (definition?.kind !== 'pipeline') throw new Error('no pipeline');
  return definition.pipeline;
}

const JOB = 'jobs:\n  build:\n    docker: [{ image: "cimg/base:2024.12" }]\n    steps: [checkout]\n';

function surfaceOf(text: string, id = 'build'): JobSurface {
  const surface = read(text).jobs.find((job) => job.id === id)?.surface;
  if (surface === undefined) throw new Error(`no job ${id}`);
  return surface;
}

function starts(workflow: string): string[] {
  const text = `version: 2.1\nparameters:\n  nightly: { type: boolean, default: false }\n${JOB}workflows:\n  w:\n${workflow}`;
  return surfaceOf(text).starts.map(
    ({ what, production, setting }) => what + (production ? '!' : '') + (setting === undefined ? '' : '?'),
  );
}

const FORKS = ['a pull request from a fork?', 'a pull request from a fork?'];

describe('how a job comes to run', () => {
  it('is every branch, and forks when settings allow it', () => {
    const every = [...FORKS, 'a push to any branch', 'a push to main!'];
    expect(starts('    jobs: [build]\n')).toEqual(every);
    expect(surfaceOf(`version: 2\n${JOB}`).starts).toHaveLength(4);
  });

  it('follows filters of branches and tags', () => {
    const filtered = (filters: string) => starts(`    jobs: [build: { filters: ${filters} }]\n`);
    expect(filtered('{ branches: { only: [main, staging] } }')).toEqual([
      'a push to main!',
      'a push to staging',
    ]);
    expect(filtered('{ branches: { ignore: /pull.*/ } }')).toEqual([
      'a push to any branch',
      'a push to main!',
    ]);
    expect(filtered('{ branches: { ignore: /.*/ }, tags: { only: /^v.*/ } }')).toEqual(['a push of a tag!']);
    expect(filtered('pipeline.git.branch == "main" or pipeline.git.tag starts-with "v"')).toEqual([
      'a push to main!',
      'a push of a tag!',
    ]);
  });

  it('follows the condition of the workflow', () => {
    const condition = (when: string) => starts(`    when: ${when}\n    jobs: [build]\n`);
    expect(condition('{ equal: [main, << pipeline.git.branch >>] }')).toEqual(['a push to main!']);
    expect(
      condition('{ not: { matches: { pattern: "^pull/.*$", value: << pipeline.git.branch >> } } }'),
    ).toEqual(['a push to any branch', 'a push to main!']);
    expect(condition('<< pipeline.parameters.nightly >>')).toEqual(['a run that is started with parameters']);
    expect(condition('{ equal: [scheduled_pipeline, << pipeline.trigger_source >>] }')).toEqual([
      'a schedule!',
    ]);
    expect(condition('{ or: [false, { not: << pipeline.parameters.nightly >> }] }')).toHaveLength(4);
  });

  it('is the schedule alone when the workflow has one', () => {
    const triggers =
      '    triggers: [{ schedule: { cron: "0 1 * * *", filters: { branches: { only: dev } } } }]\n';
    expect(starts(`${triggers}    jobs: [build]\n`)).toEqual(['a schedule']);
  });
});

describe('what a job is made of', () => {
  it('has commands of the file in place of their calls, and their parameters', () => {
    const pipeline = read(`version: 2.1
commands:
  outer:
    parameters: { text: { type: string }, after: { type: steps, default: [] } }
    steps:
      - inner: { word: "<< parameters.text >>" }
      - when: { condition: true, steps: << parameters.after >> }
  inner:
    parameters: { word: { type: string } }
    steps: [run: echo << parameters.word >>]
jobs:
  build:
    docker: [{ image: "cimg/base:2024.12" }]
    steps:
      - outer:
          text: << pipeline.event.github.pull_request.title >>
          after: [run: make after]
`);
    const scripts = pipeline.jobs[0]?.steps.map(({ work }) =>
      work.kind === 'script' ? work.text.value : '',
    );
    expect(scripts).toEqual(['echo << parameters.word >>', 'make after']);
    const [insertion] = pipeline.jobs[0]?.surface?.insertions ?? [];
    expect(insertion).toMatchObject({
      name: 'pipeline.event.github.pull_request.title',
      writtenBy: 'anyone',
      into: 'script',
    });
    expect(insertion?.hops.map(({ source, span }) => source.position(span.start).line)).toEqual([16, 6]);
  });

  it('takes images, machines and variables from the executor that it names', () => {
    const [job] = read(`version: 2.1
executors:
  own: { machine: true, resource_class: acme/lab, environment: { A: one } }
  box: { docker: [{ image: "node:22" }, { image: "postgres:16", auth: { password: $PW_TOKEN } }] }
jobs:
  build:
    parameters: { where: { type: executor } }
    executor: << parameters.where >>
    steps: [checkout]
workflows:
  w:
    jobs:
      - build: { name: a, where: own }
      - build: { name: b, matrix: { parameters: { where: [box] } } }
`).jobs;
    expect(job?.runner?.hosting).toBe('self-hosted');
    expect(job?.env.map(({ name }) => name)).toEqual(['A']);
  });

  it('follows merge keys, as CircleCI does', () => {
    const text = `version: 2\ndefaults: &d\n  docker: [{ image: "node:22" }]\njobs:\n  build:\n    <<: *d\n    steps: [checkout]\n`;
    expect(read(text).jobs[0]?.container?.text.value).toBe('node:22');
  });

  it('is one job for each time that workflows run it', () => {
    const { jobs } = read(
      `version: 2.1\n${JOB}workflows:\n  w:\n    jobs:\n      - hold: { type: approval }\n      - build: { context: dev }\n      - build: { name: live, context: [prod], requires: [build, hold] }\n`,
    );
    expect(jobs.map(({ id, surface }) => [id, surface?.credentials.map(({ name }) => name)])).toEqual([
      ['build', ['dev']],
      ['live', ['prod']],
    ]);
    expect(jobs.map(({ surface }) => surface?.approvals.length)).toEqual([0, 1]);
  });
});

describe('what a job exposes', () => {
  it('is secrets by their names, unless the file sets them', () => {
    const text = `version: 2.1
jobs:
  build:
    docker: [{ image: "a:1" }]
    environment: { LOCAL_TOKEN: x }
    steps:
      - add_ssh_keys
      - run: |
          OTHER_SECRET=1
          use $LOCAL_TOKEN $OTHER_SECRET $NPM_TOKEN \${NPM_TOKEN} $CIRCLE_OIDC_TOKEN_V2 $TOKEN_URL
      - docker/push: { password: DOCKER_PASSWORD }
orbs: { docker: circleci/docker@2.8.0 }
`;
    expect(surfaceOf(text).credentials.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'secret NPM_TOKEN',
      'identity-token CIRCLE_OIDC_TOKEN_V2',
      'secret DOCKER_PASSWORD',
      'secret SSH keys of the project',
    ]);
  });

  it('is text of pull requests only where these get to, and messages of what was merged everywhere', () => {
    const text = (filters: string) =>
      `version: 2.1\njobs:\n  build:\n    docker: [{ image: "a:1" }]\n    steps: [run: "echo << pipeline.git.commit.subject >> << pipeline.event.github.pull_request.title >>"]\nworkflows:\n  w:\n    jobs: [build: ${filters}]\n`;
    const writers = (filters: string) =>
      surfaceOf(text(filters)).insertions.map(({ writtenBy }) => writtenBy);
    expect(writers('{}')).toEqual(['contributor-with-approval', 'anyone']);
    expect(writers('{ filters: { branches: { only: main } } }')).toEqual([
      'contributor-with-approval',
      'member',
    ]);
  });

  it('leaves parameters that carry no code alone', () => {
    const text = `version: 2.1\nparameters:\n  n: { type: integer, default: 1 }\n  s: { type: string, default: a }\njobs:\n  build:\n    docker: [{ image: "a:1" }]\n    steps: [run: "make -j<< pipeline.parameters.n >> << pipeline.parameters.s >> << pipeline.number >>"]\n`;
    expect(surfaceOf(text).insertions.map(({ name }) => name)).toEqual(['pipeline.parameters.s']);
  });
});

it('tells orbs that can change from those that cannot', () => {
  const orbs = `  a: circleci/node@5.1.0\n  b: acme/x@1\n  c: acme/y@volatile\n  d: acme/z@dev:main\n  e: { orbs: { f: acme/w@2.0 } }\n`;
  const { surface } = read(`version: 2.1\norbs:\n${orbs}${JOB}`);
  expect(surface?.complete).toBe(false);
  expect(surface?.imports.map(({ name, pin, immutable }) => `${name} ${pin} ${immutable}`)).toEqual([
    'circleci/node tag true',
    'acme/x tag false',
    'acme/y none false',
    'acme/z branch false',
    'acme/w tag false',
  ]);
});
