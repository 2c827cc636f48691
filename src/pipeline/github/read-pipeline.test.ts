import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../model.ts';
import { effectivePermissions, writableScopes } from '../permissions.ts';
import { readDefinitions } from '../read-file.ts';
import { Repository } from '../repository.ts';
import { SourceText } from '../source.ts';
import { parseActionReference } from './action-reference.ts';
import { majorVersionOf } from './action-version.ts';

function read(text: string, file = '.github/workflows/a.yml'): Pipeline {
  const [definition] = readDefinitions(new SourceText(file, text)).definitions;
  if (definition?.kind !== 'pipeline') throw new Error('no pipeline');
  return definition.pipeline;
}

describe('triggers', () => {
  it.each([
    ['on: push', ['push member pushed full']],
    ['on: [push, issues]', ['push member pushed full', 'issues anyone base full']],
    [
      'on:\n  pull_request:\n    types: [opened]',
      ['pull_request contributor-with-approval merge read-only-for-forks'],
    ],
    [
      'on: {workflow_call: , schedule: [{cron: "* * * * *"}]}',
      ['workflow_call caller caller caller', 'schedule schedule base full'],
    ],
    ['on: never_heard_of', ['never_heard_of member base full']],
  ])('%j', (text, expected) => {
    const { triggers } = read(`${text}\njobs: {}\n`);
    expect(
      triggers.map(({ event, firedBy, runs, authority }) => `${event} ${firedBy} ${runs} ${authority}`),
    ).toEqual(expected);
  });

  it('keep their filters and activities', () => {
    const [trigger] = read('on:\n  push:\n    branches: [main]\n    tags: v*\n  \njobs: {}').triggers;
    expect(trigger).toMatchObject({ filters: { branches: ['main'], tags: ['v*'] }, activities: undefined });
  });
});

it('a job is read with everything that it has', () => {
  const text = `on: push
jobs:
  a:
    needs: [b, c]
    runs-on: { group: big, labels: [self-hosted, x] }
    environment: { name: production, url: x }
    container: { image: "alpine:3", credentials: { username: u, password: p } }
    services: { db: { image: postgres }, q: redis@sha256:${'a'.repeat(64)} }
    strategy: { matrix: { os: [a, b], include: [{ os: c, extra: { deep: d } }] } }
    outputs: { x: "\${{ steps.s.outputs.y }}" }
    steps:
      - { id: s, run: echo, shell: bash, if: always(), env: { A: 1 } }
      - { uses: o/r@v1, with: { in: put } }
      - parallel: [{ run: inner }]
      - not a step
`;
  const [job] = read(text).jobs;
  expect(job).toMatchObject({ id: 'a', runner: { hosting: 'self-hosted' } });
  expect(job?.needs.map(({ value }) => value)).toEqual(['b', 'c']);
  expect(job?.environment?.name.value).toBe('production');
  expect(job?.container?.reference).toMatchObject({ name: 'alpine', tag: '3', pin: 'tag' });
  expect(job?.services.map(({ reference }) => reference?.pin)).toEqual(['none', 'digest']);
  expect(job?.matrix.map(({ name, value }) => `${name}=${value?.value}`)).toEqual([
    'os=a',
    'os=b',
    'os=c',
    'extra.deep=d',
  ]);
  expect(job?.steps.map(({ work }) => work.kind)).toEqual(['script', 'action', 'other', 'script']);
});

it('a call is read with what it passes', () => {
  const [job] = read(
    'on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with: {x: y}\n    secrets: inherit\n',
  ).jobs;
  expect(job?.call).toMatchObject({ reference: { kind: 'local', path: '.github/workflows/b.yml' } });
  expect(job?.call?.inheritsSecrets).toBeDefined();
});

it('permissions: the job’s block replaces the workflow’s, and nothing said is unknown', () => {
  const text = 'on: push\npermissions: write-all\njobs:\n  a: {permissions: {contents: read}}\n  b: {}\n';
  const [a, b] = read(text).jobs;
  if (a === undefined || b === undefined) throw new Error('two jobs');
  expect([effectivePermissions(a).access('contents'), effectivePermissions(a).access('issues')]).toEqual([
    'read',
    'none',
  ]);
  expect([writableScopes(a), writableScopes(b)]).toEqual([[], ['*']]);
  const [bare] = read('on: push\njobs:\n  a: {}\n').jobs;
  expect(bare && [effectivePermissions(bare).from, effectivePermissions(bare).access('contents')]).toEqual([
    'default',
    'unknown',
  ]);
  const [empty] = read('on: push\npermissions: {}\njobs:\n  a: {}\n').jobs;
  expect(empty && effectivePermissions(empty).access('contents')).toBe('none');
});

describe('a reference', () => {
  const commit = 'a'.repeat(40);
  it.each([
    [`Actions/Checkout@${commit}`, { repository: 'actions/checkout', pin: 'commit', path: '' }],
    ['o/r/sub/dir@v1.2.3', { repository: 'o/r', path: 'sub/dir', pin: 'tag', ref: 'v1.2.3' }],
    ['o/r@main', { pin: 'branch' }],
    ['o/r@release/v1', { pin: 'tag' }],
    ['o/r', { pin: 'none', ref: undefined }],
    ['https://code.example:8443/O/r/sub@v2', { repository: 'o/r', path: 'sub', pin: 'tag', ref: 'v2' }],
    ['./a/b/', { kind: 'local', path: 'a/b', pin: 'local' }],
    ['$/a', { kind: 'local', path: 'a' }],
    [
      'docker://ghcr.io:443/o/i:tag',
      { kind: 'image', pin: 'tag', image: { name: 'ghcr.io:443/o/i', tag: 'tag' } },
    ],
    ['${{ inputs.x }}/r@v1', { kind: 'computed', pin: 'computed' }],
    ['', { kind: 'repository', pin: 'none' }],
  ])('%j', (text, expected) => {
    expect(parseActionReference(text)).toMatchObject(expected);
  });

  it('tells its major version from the tag, or from the comment behind a commit', () => {
    const major = (uses: string) => {
      const step = read(`on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`).jobs[0]?.steps[0];
      return step?.work.kind === 'action' ? majorVersionOf(step.work) : undefined;
    };
    expect([
      major('o/r@v4'),
      major('o/r@4.1'),
      major(`o/r@${commit} # v6.0.1`),
      major(`o/r@${commit}`),
      major('o/r@main'),
    ]).toEqual([4, 4, 6, undefined, undefined]);
  });
});

it('a repository knows who calls a composite action and a reusable workflow', () => {
  const files = [
    [
      '.github/workflows/a.yml',
      'on: push\njobs:\n  x: {uses: ./.github/workflows/b.yml}\n  y: {steps: [{uses: ./act}]}\n',
    ],
    ['.github/workflows/b.yml', 'on: workflow_call\njobs: {}\n'],
    ['act/action.yml', 'runs: {using: composite, steps: [{run: x}]}\n'],
  ].map(([file = '', text = '']) => readDefinitions(new SourceText(file, text)));
  const repository = new Repository('', files);
  const callers = repository.pipelines.map((pipeline) =>
    repository.callersOf(pipeline).map(({ job }) => job.id),
  );
  expect(callers).toEqual([[], ['x'], ['y']]);
});

it('a file that is not what its path says is read as far as it goes', () => {
  expect(read('just: text\n').problems.map(({ message }) => message)).toEqual([
    'a workflow without `on:` never runs',
    'a workflow without `jobs:` does nothing',
  ]);
  expect(readDefinitions(new SourceText('.github/workflows/a.yml', '- a list\n')).definitions).toEqual([]);
});
