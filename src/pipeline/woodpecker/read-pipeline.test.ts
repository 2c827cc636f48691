import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import type { Job, Pipeline } from '../model.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';

function read(text: string, file = '.woodpecker/a.yml') {
  const { definitions, problems } = readDefinitions(new SourceText(file, text));
  const [definition] = definitions;
  return { problems, pipeline: definition?.kind === 'pipeline' ? definition.pipeline : undefined };
}

function jobsOf(text: string): readonly Job[] {
  return read(text).pipeline?.jobs ?? [];
}

const startsOf = (text: string) => jobsOf(text).map(({ surface }) => surface?.starts.map(({ what }) => what));

it.each(['.woodpecker.yml', '.woodpecker.yaml', '.woodpecker/deploy/prod.yml', 'app/.woodpecker.yml'])(
  'knows %s by its path',
  (file) => {
    expect(read('steps: []', file).pipeline?.platform).toBe('woodpecker');
  },
);

it('knows a file of another name by its steps, and leaves those of others alone', () => {
  const steps = 'steps:\n  - name: a\n    image: alpine\n    commands: [make]\n';
  expect(read(steps, 'ci/build.yml').pipeline?.platform).toBe('woodpecker');
  expect(read('steps:\n  - bash: make\n', 'ci/build.yml').pipeline?.platform).not.toBe('woodpecker');
});

it('reads steps as a list, as a mapping, and under their old name', () => {
  const names = (text: string) => jobsOf(text).map(({ id }) => id);
  expect(names('steps:\n  - name: a\n    image: x\n  - image: y\n')).toEqual(['a', 'step 2']);
  expect(names('steps:\n  a: { image: x }\n  b: { image: y }\n')).toEqual(['a', 'b']);
  expect(names('pipeline:\n  a: { image: x }\n')).toEqual(['a']);
});

it('reads commands as scripts, and an image with settings as a plugin', () => {
  const [script, plugin] = jobsOf(
    'steps:\n  - name: a\n    image: x\n    commands: [one, two]\n  - name: b\n    image: Acme/Plugin:1\n    settings: { list: [p, q], key: v }\n',
  );
  expect(script?.steps.map(({ work }) => (work.kind === 'script' ? work.text.value : work.kind))).toEqual([
    'one',
    'two',
  ]);
  const work = plugin?.steps[0]?.work;
  expect(work?.kind === 'action' && work.reference).toMatchObject({ repository: 'acme/plugin', pin: 'tag' });
  expect(work?.kind === 'action' && work.inputs.map(({ name, value }) => `${name}=${value?.value}`)).toEqual([
    'list=p',
    'list=q',
    'key=v',
  ]);
  expect(plugin?.container).toBeUndefined();
});

describe('substitution', () => {
  const names = (command: string) =>
    jobsOf(
      `steps:\n  - name: a\n    image: x\n    commands:\n      - ${command}\n`,
    )[0]?.surface?.insertions.map(({ name, text, start, end }) => [name, text.value.slice(start, end)]);

  it.each([
    ['echo ${CI_COMMIT_BRANCH}', 'CI_COMMIT_BRANCH', '${CI_COMMIT_BRANCH}'],
    ['echo ${CI_COMMIT_TAG##v}', 'CI_COMMIT_TAG', '${CI_COMMIT_TAG##v}'],
    ['echo ${CI_COMMIT_MESSAGE/a/b}', 'CI_COMMIT_MESSAGE', '${CI_COMMIT_MESSAGE/a/b}'],
  ])('%s is filled in before anything runs', (command, name, written) => {
    expect(names(command)).toEqual([[name, written]]);
  });

  it.each([
    'echo "$CI_COMMIT_MESSAGE"',
    'echo $${CI_COMMIT_MESSAGE}',
    'echo ${CI_COMMIT_SHA}',
    'echo ${CI_COMMIT_BRANCH:0:7}',
    'echo ${MY_OWN}',
  ])('%s is not', (command) => {
    expect(names(command)).toEqual([]);
  });
});

it('takes secrets from settings, the environment and the old list, each with its variable', () => {
  const [job] = jobsOf(`steps:
  - name: a
    image: x
    environment:
      TOKEN: { from_secret: api_token }
      PLAIN: text
    settings:
      deep: { auth: [{ from_secret: inner }] }
    secrets: [old, { source: named, target: other_name }]
`);
  expect(job?.surface?.credentials.map(({ name, variable }) => [name, variable])).toEqual([
    ['api_token', 'TOKEN'],
    ['inner', undefined],
    ['old', 'OLD'],
    ['named', 'OTHER_NAME'],
  ]);
});

describe('what starts a step', () => {
  it('is everything where nothing is said', () => {
    const [starts = []] = startsOf('steps:\n  - name: a\n    image: x\n');
    expect(starts).toContain('a pull request, also of a fork');
    expect(starts).toContain('a push to main');
  });

  it('must pass both the file and the step', () => {
    const text = `when:
  - event: [push, pull_request]
    branch: main
steps:
  - name: a
    image: x
    when:
      - event: push
  - name: b
    image: x
    when:
      event: { exclude: pull_request }
  - name: c
    image: x
    when:
      - event: tag
`;
    expect(startsOf(text)).toEqual([['a push to main'], ['a push to main'], []]);
  });

  it('is a person for a deployment and a run by hand', () => {
    const [job] = jobsOf('when: { event: [deployment, manual] }\nsteps:\n  - name: a\n    image: x\n');
    expect(job?.surface?.approvals).toHaveLength(1);
  });

  it('is told of the pipeline, too', () => {
    const pipeline = read('when: { event: pull_request }\nsteps: []\n').pipeline as Pipeline;
    expect(pipeline.triggers.map(({ event, runs }) => [event, runs])).toContainEqual([
      'pull_request',
      'head',
    ]);
  });
});

it('says what is wrong with steps that are neither a list nor a mapping', () => {
  expect(read('steps: text').problems.map(({ message }) => message)).toEqual([
    '"steps" has to be a list or a mapping',
  ]);
});

const KEYS =
  'steps pipeline when event branch image commands settings from_secret environment secrets volumes privileged labels matrix services clone name'.split(
    ' ',
  );

it('reads whatever it is given without failing', () => {
  const words = fc.constantFrom(...KEYS);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('push', '${CI_COMMIT_BRANCH}', '', 'true', '/var/run/docker.sock', '${', '$${A}'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(words, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      const { problems } = read(JSON.stringify(any));
      expect(problems.every(({ message }) => message !== '')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('takes hostile sizes without a long wait', () => {
  const long = '${CI_COMMIT_BRANCH'.repeat(50_000);
  const many = Array.from({ length: 3_000 }, (_, index) => `  - name: s${index}\n    image: x\n`).join('');
  const startMs = threadMs();
  read(`steps:\n  - name: a\n    image: x\n    commands:\n      - ${JSON.stringify(long)}\n`);
  expect(read(`steps:\n${many}`).pipeline?.jobs.length).toBe(2_000);
  expect(threadMs() - startMs).toBeLessThan(10_000);
});
