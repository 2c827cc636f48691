import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('invalid-value', text).map(({ message }) => message);
const top = (line: string) => messages(`${line}\njobs: { a: { runs-on: x, steps: [{ run: a }] } }\n`);
const job = (line: string) =>
  messages(`on: push\njobs:\n  a: { runs-on: x, ${line}, steps: [{ run: a }] }\n`);
const step = (line: string, runner = 'x') =>
  messages(`on: push\njobs: { a: { runs-on: ${runner}, steps: [${line}] } }\n`);

describe('values of the wrong kind', () => {
  it.each([
    ['timeout-minutes: ten', '"timeout-minutes" is "ten" here, and GitHub wants a number above 0'],
    ['timeout-minutes: 0', '"timeout-minutes" is "0" here, and GitHub wants a number above 0'],
    ['continue-on-error: "yes"', '"continue-on-error" is "yes" here, and GitHub wants true or false'],
    ['env: [A=1]', '"env" is a list here, and GitHub wants names with values'],
    ['env: { A: [1] }', '"A" is a list here, and GitHub wants text'],
    ['env: ', '"env" is empty, and GitHub wants a value'],
    ['strategy: { matrix: { os: linux } }', '"os" is "linux" here, and GitHub wants a list'],
    ['strategy: { matrix: { os: [] } }', '"os" is empty, and GitHub wants a value'],
    ['secrets: inherited', '"secrets" cannot be "inherited"; GitHub takes inherit; did you mean "inherit"?'],
    ['container: { options: a }', '"image" is missing in a container'],
    ['concurrency: { cancel-in-progress: true }', '"group" is missing in a concurrency'],
    ['permissions: { id-token: read }', '"id-token" cannot be "read"; GitHub takes write, none'],
    [
      'permissions: write',
      '"permissions" cannot be "write"; GitHub takes read-all, write-all; did you mean "write-all"?',
    ],
  ])('%s', (line, message) => {
    expect(job(line)).toEqual([message]);
  });

  it.each([
    'timeout-minutes: "${{ inputs.minutes }}"',
    'continue-on-error: ${{ matrix.experimental }}',
    'strategy: { matrix: "${{ fromJSON(vars.x) }}", fail-fast: false, max-parallel: 2 }',
    'strategy: { matrix: { include: [{ os: x }] } }',
    'env: { A: 1, B: true, C: , D: "" }',
    'permissions: {}',
    'permissions: read-all',
    'concurrency: { group: a, queue: max }',
    'container: ""',
    'environment: ""',
    'container: { image: a, ports: [80], credentials: { username: a, password: "${{ secrets.p }}" } }',
    'environment: { name: a, deployment: false }',
    'runs-on: { group: a, labels: [b] }',
  ])('accepts %s', (line) => {
    expect(job(line)).toEqual([]);
  });
});

it('wants what a schedule, a secret and an output of a called workflow need', () => {
  expect(top('on: { schedule: [{ timezone: UTC }] }')).toEqual(['"cron" is missing in a schedule']);
  expect(top('on: { workflow_call: { outputs: { a: { description: b } } } }')).toEqual([
    '"value" is missing in an output of a called workflow',
  ]);
  expect(top('on: { workflow_call: { inputs: { a: { required: true } } } }')).toEqual([
    '"type" is missing in an input of a called workflow',
  ]);
  expect(
    top('on: { workflow_call: , workflow_dispatch: , push: , pull_request: { branches: main } }'),
  ).toEqual([]);
});

it('knows time zones', () => {
  expect(top("on: { schedule: [{ cron: '0 0 * * *', timezone: Europe/Paris }] }")).toEqual([]);
  expect(top("on: { schedule: [{ cron: '0 0 * * *', timezone: Europe/Pariss }] }")).toHaveLength(1);
});

describe('inputs', () => {
  const input = (definition: string) => top(`on: { workflow_dispatch: { inputs: { a: ${definition} } } }`);
  it.each([
    ['{ type: boolean, default: maybe }', 'the default "maybe" of the input a is neither true nor false'],
    ['{ type: number, default: many }', 'the default "many" of the input a is no number'],
    ['{ type: choice }', 'the input a is a choice without options'],
    [
      '{ type: choice, options: [b, c], default: d }',
      'the default "d" of the input a is none of its options',
    ],
    ['{ type: choice, options: [b, b] }', 'the input a offers "b" twice'],
    ['{ type: boolean, options: [b] }', 'the input a has options, and only the type "choice" takes some'],
    ['{ type: text }', '"type" cannot be "text"; GitHub takes string, boolean, number, choice, environment'],
  ])('%s', (definition, message) => {
    expect(input(definition)).toEqual([message]);
  });
  it.each(['', '{ type: boolean, default: "true" }', '{ type: choice, options: [1, 2], default: 1 }'])(
    'accepts %s',
    (definition) => {
      expect(input(definition)).toEqual([]);
    },
  );
});

describe('shells', () => {
  it('are the ones that GitHub knows, or a command', () => {
    expect(step('{ run: a, shell: zsh }')).toEqual(['there is no shell "zsh"; did you mean "sh"?']);
    expect(step('{ run: a, shell: "zsh {0}" }')).toEqual([]);
    expect(step('{ run: a, shell: "${{ matrix.shell }}" }')).toEqual([]);
  });
  it('can be those of the defaults', () => {
    expect(top('on: push\ndefaults: { run: { shell: /bin/sh } }')).toHaveLength(1);
    expect(job('defaults: { run: { shell: fish } }')).toEqual(['there is no shell "fish"']);
    expect(job('defaults: { run: { shell: bash -e {0} } }')).toEqual([]);
  });
  it('have to be on the machine', () => {
    expect(step('{ run: a, shell: cmd }', 'ubuntu-latest')).toEqual([
      'the shell "cmd" is not there on Linux and macOS',
    ]);
    expect(step('{ run: a, shell: cmd }', 'windows-latest')).toEqual([]);
    expect(step('{ run: a, shell: cmd }', '[self-hosted, mine]')).toEqual([]);
  });
});

it('takes no longer for hostile text', () => {
  const started = threadMs();
  expect(job(`timeout-minutes: ${'1'.repeat(200_000)}`)).toHaveLength(1);
  expect(threadMs() - started).toBeLessThan(2000);
});
