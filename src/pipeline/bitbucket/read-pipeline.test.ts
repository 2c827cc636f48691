import { describe, expect, it } from 'vitest';
import type { Job, Pipeline } from '../model.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';

function read(text: string): Pipeline {
  const { definitions, problems } = readDefinitions(new SourceText('bitbucket-pipelines.yml', text));
  expect(problems).toEqual([]);
  const [definition] = definitions;
  if (definition?.kind !== 'pipeline') throw new Error('no pipeline');
  return definition.pipeline;
}

function jobOf(text: string, index = 0): Job {
  const job = read(text).jobs[index];
  if (job === undefined) throw new Error('no job');
  return job;
}

const STEP = '{ step: { script: [make] } }';

describe('how a step comes to run', () => {
  const starts = (pipelines: string): string[] =>
    read(`pipelines:\n${pipelines}`).jobs.flatMap(({ id, surface }) =>
      (surface?.starts ?? []).map(({ what, code, production }) => `${id}: ${what} ${code} ${production}`),
    );

  it('is what the section says that it stands in', () => {
    expect(
      starts(
        `  branches:\n    main: [${STEP}]\n    "{develop,feature/*}": [${STEP}]\n  tags: { "v*": [${STEP}] }\n  pull-requests: { "**": [${STEP}] }\n`,
      ),
    ).toEqual([
      'step 1 of branches/main: a push to main pushed true',
      'step 1 of branches/{develop,feature/*}: a push to {develop,feature/*} pushed false',
      'step 1 of tags/v*: a push of a tag pushed true',
      'step 1 of pull-requests/**: a pull request merge false',
    ]);
  });

  it('is the main branch by default, unless that has a pipeline of its own', () => {
    expect(starts(`  default: [${STEP}]\n`)).toEqual(['step 1 of default: a push to any branch pushed true']);
    expect(starts(`  default: [${STEP}]\n  branches: { "{main,dev}": [${STEP}] }\n`)[0]).toBe(
      'step 1 of default: a push to any branch pushed false',
    );
  });
});

describe('where a run waits for a person', () => {
  const waits = (pipeline: string): (number | undefined)[] =>
    read(`pipelines:\n${pipeline}`).jobs.map(({ surface }) => surface?.approvals.length);

  it('is a manual step, and everything behind it', () => {
    expect(
      waits(
        `  default:\n    - ${STEP}\n    - { step: { trigger: manual, script: [a] } }\n    - ${STEP}\n    - { stage: { trigger: manual, steps: [${STEP}] } }\n`,
      ),
    ).toEqual([0, 1, 1, 2]);
  });

  it('is not what stands beside a manual step, but what follows both', () => {
    const manual = '{ step: { trigger: manual, script: [a] } }';
    expect(
      waits(`  default:\n    - parallel: { steps: [${STEP}, ${manual}, ${STEP}] }\n    - ${STEP}\n`),
    ).toEqual([0, 1, 0, 1]);
  });

  it('is the beginning of a custom pipeline, whose variables somebody types', () => {
    const text = `pipelines:\n  custom:\n    go:\n      - variables: [{ name: FREE }, { name: ONE, allowed-values: [a] }]\n      - ${STEP}\n`;
    const surface = jobOf(text).surface;
    expect(surface?.approvals).toHaveLength(1);
    expect(surface?.foreignVariables.has('FREE')).toBe(true);
    expect(surface?.foreignVariables.has('ONE')).toBe(false);
  });
});

describe('what a step is made of', () => {
  it('is its lines, those of aliases and pipes among them', () => {
    const text = `definitions:\n  lines: &lines\n    - one\n    - two\npipelines:\n  default:\n    - step:\n        script:\n          - *lines\n          - pipe: atlassian/x:1.2.3\n            variables: { KEY: $ACCESS_TOKEN }\n        after-script: [three]\n`;
    const job = jobOf(text);
    expect(job.steps.map(({ work }) => (work.kind === 'other' ? '' : work.text.value))).toEqual([
      'one',
      'two',
      'atlassian/x:1.2.3',
      'three',
    ]);
    expect(job.surface?.credentials.map(({ name }) => name)).toEqual(['ACCESS_TOKEN']);
    expect(job.pipeline.surface?.imports.map(({ name, pin, origin }) => `${name} ${pin} ${origin}`)).toEqual([
      'atlassian/x tag platform',
    ]);
  });

  it('is its image, or that of the file, services and a machine', () => {
    const text = `image: { name: "a:1", username: u, password: $REGISTRY_PASSWORD }\noptions: { docker: true }\ndefinitions:\n  services: { db: { image: "db:2" } }\n  caches: { own: { key: { files: [l] }, path: ~/own } }\npipelines:\n  default:\n    - step: { runs-on: [self.hosted, linux.shell], services: [db], caches: [own, node], oidc: true, script: [a] }\n`;
    const { container, services, runner, surface } = jobOf(text);
    expect(container?.text.value).toBe('a:1');
    expect(services.map(({ text: { value } }) => value)).toEqual(['db:2']);
    expect(runner?.hosting).toBe('self-hosted');
    expect(surface?.privileges.map(({ kind }) => kind)).toEqual(['privileged', 'host-path']);
    expect(surface?.caches.map(({ key, paths }) => [key?.value, paths])).toEqual([
      ['own', ['~/own']],
      ['node', []],
    ]);
    expect(surface?.credentials.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'identity-token BITBUCKET_STEP_OIDC_TOKEN',
      'secret REGISTRY_PASSWORD',
    ]);
  });

  it('is merged out of others, and deploys to what its stage says', () => {
    const text = `definitions:\n  s: &s { name: A, script: [a] }\npipelines:\n  default:\n    - stage: { deployment: prod, steps: [{ step: { <<: *s, name: B } }] }\n`;
    const { id, steps, surface } = jobOf(text);
    expect([id, steps.length, surface?.deploysTo?.environment]).toEqual(['B', 1, 'prod']);
  });

  it('is taken from other repositories, too', () => {
    const { surface, jobs } = read(
      `definitions:\n  imports: { own: .bitbucket/p.yml }\npipelines:\n  default: { import: other:main:build }\n  branches: { main: { import: build@own } }\n`,
    );
    expect(jobs).toEqual([]);
    expect(surface?.imports.map(({ name, version, pin }) => `${name} ${version} ${pin}`)).toEqual([
      '.bitbucket/p.yml undefined local',
      'other main branch',
    ]);
    expect(surface?.complete).toBe(false);
  });
});
