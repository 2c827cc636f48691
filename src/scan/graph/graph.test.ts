import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDefinitions } from '#pipeline/read-file.ts';
import { Repository } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import { splitFixture } from '../testing/fixture.ts';
import { buildGraph, mergeGraphs } from './build-graph.ts';
import type { AuthorityGraph } from './graph.ts';
import { graphWriters } from './write-graph.ts';

function graphOf(text: string, prefix = ''): AuthorityGraph {
  const files = splitFixture(text).map((each) => readDefinitions(new SourceText(each.file, each.text)));
  return buildGraph(new Repository('', files), prefix);
}

/** Edges as words: `trigger pull_request starts job test`. */
function edgesOf(graph: AuthorityGraph): string[] {
  const names = new Map(graph.nodes.map(({ id, kind, label }) => [id, `${kind} ${label}`]));
  return graph.edges.map(({ from, kind, to, detail }) => {
    const more = detail === undefined ? '' : ` (${detail})`;
    return `${names.get(from)} ${kind} ${names.get(to)}${more}`;
  });
}

const RELEASE = `# --- .github/workflows/example.yml
on:
  pull_request_target:
  push:
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - uses: actions/cache@v4
      - uses: actions/upload-artifact@v4
        with: { name: dist }
  publish:
    needs: test
    if: github.event_name == 'push'
    runs-on: [self-hosted, linux]
    environment: production
    permissions: { id-token: write, contents: read }
    env:
      A: \${{ secrets.NPM_TOKEN }}\${{ secrets.GITHUB_TOKEN }}
    steps:
      - uses: actions/download-artifact@v4
        with: { name: dist }
      - uses: ./.github/actions/publish
# --- .github/actions/publish/action.yml
name: publish
description: publishes
runs:
  using: composite
  steps:
    - uses: other/tool@0123456789abcdef0123456789abcdef01234567
`;

it('shows who can start what, what runs there, and what it reaches', () => {
  const edges = edgesOf(graphOf(RELEASE));
  expect(edges).toEqual(
    expect.arrayContaining([
      'actor anybody with an account fires trigger pull_request_target',
      'actor people with write access fires trigger push',
      'trigger pull_request_target starts job test',
      'job test precedes job publish',
      'job test checks-out code code of the pull request',
      'job test writes cache cache that the runs of a branch share',
      'job test writes artifact dist',
      'artifact dist feeds job publish',
      'job publish holds secret NPM_TOKEN',
      'job publish holds token token: contents: read',
      'job publish holds identity identity token of this job',
      'job publish enters environment production',
      'job publish runs-on runner self-hosted, linux',
      'job publish runs code ./.github/actions/publish',
      'code ./.github/actions/publish runs code other/tool@0123456789ab',
    ]),
  );
  expect(edges).not.toContain('trigger pull_request_target starts job publish');
  expect(edges.join('\n')).not.toContain('GITHUB_TOKEN');
});

it('says where every edge and job comes from', () => {
  const graph = graphOf(RELEASE);
  const job = graph.nodes.find(({ id }) => id.startsWith('job:') && id.endsWith('#publish'));
  expect(job?.place).toMatchObject({ file: '.github/workflows/example.yml', line: 15, column: 3 });
  const secret = graph.edges.find(({ to }) => to === 'secret:NPM_TOKEN');
  expect(secret?.place).toMatchObject({ line: 22, column: 10 });
});

it('knows when conditions stop outsiders, and when forks get no secrets', () => {
  const job = (condition: string) =>
    `on: [issue_comment, pull_request]\njobs:\n  a:\n    if: ${condition}\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n`;
  const stopped = edgesOf(graphOf(job("github.event.comment.author_association == 'OWNER'")));
  expect(stopped).toContain('trigger issue_comment starts job a (conditions stop outsiders)');
  expect(edgesOf(graphOf(job("contains(github.event.comment.body, '/ok')")))).toContain(
    'trigger issue_comment starts job a',
  );
  expect(edgesOf(graphOf(job('always()')))).toContain(
    'trigger pull_request starts job a (without secrets for forks)',
  );
});

it('follows runs of other workflows, and artifacts that cross to them', () => {
  const edges = edgesOf(
    graphOf(`# --- .github/workflows/test.yml
name: Test
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/checkout@v4 }, { uses: actions/upload-artifact@v4, with: { name: size } }]
# --- .github/workflows/comment.yml
on: { workflow_run: { workflows: [Test] } }
jobs:
  b:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/download-artifact@v4, with: { name: size, run-id: '\${{ github.event.workflow_run.id }}' } }]
`),
  );
  expect(edges).toContain('trigger pull_request is-followed-by trigger workflow_run');
  expect(edges).toContain('artifact size feeds job b');
  expect(edges).toContain('job a checks-out code code of the pull request');
  expect(edges).not.toContain('actor anybody with an account fires trigger workflow_run');
});

it('leads calls into the called workflow, and out to those of others', () => {
  const edges = edgesOf(
    graphOf(`# --- .github/workflows/a.yml
on: push
jobs:
  call: { uses: ./.github/workflows/b.yml, secrets: inherit }
  other: { uses: owner/name/.github/workflows/x.yml@main }
# --- .github/workflows/b.yml
on: workflow_call
jobs:
  inner:
    runs-on: ubuntu-latest
    env: { ALL: '\${{ toJSON(secrets) }}' }
    steps: [{ run: make }]
`),
  );
  expect(edges).toContain('job call calls trigger workflow_call (with all secrets)');
  expect(edges).toContain('trigger workflow_call starts job inner');
  expect(edges).toContain('job inner holds secret every secret of the repository');
  expect(edges).toContain('job other calls code owner/name/.github/workflows/x.yml@main');
});

it('knows whose code a called workflow checks out', () => {
  const edges = edgesOf(
    graphOf(`# --- .github/workflows/a.yml
on: pull_request
jobs: { call: { uses: ./.github/workflows/b.yml } }
# --- .github/workflows/b.yml
on: workflow_call
jobs: { middle: { uses: ./.github/workflows/c.yml } }
# --- .github/workflows/c.yml
on: workflow_call
jobs: { inner: { runs-on: x, steps: [{ uses: actions/checkout@v4 }] } }
`),
  );
  expect(edges).toContain('job inner checks-out code code of the pull request');
  expect(edges).not.toContain('job inner checks-out code code of this repository');
});

it('keeps repositories apart', () => {
  const merged = mergeGraphs([graphOf(RELEASE, 'a/'), graphOf(RELEASE, 'b/')]);
  expect(new Set(merged.nodes.map(({ id }) => id)).size).toBe(merged.nodes.length);
  expect(merged.nodes.some(({ place }) => place?.file === 'b/.github/workflows/example.yml')).toBe(true);
});

const MERMAID_LINE =
  /^(?:flowchart LR|  classDef \w+ \S+|  subgraph f\d+\["[^"]*"\]|  end| {2,4}n\d+[>[({/]+"[^"]*"[\])}/]+:::\w+|  n\d+ -->\|"[^"]*"\| n\d+)$/;
const DOT_LINE =
  /^(?:digraph authority \{|  rankdir=LR;|  node \[fontname="sans-serif"\];|  subgraph cluster_\d+ \{| {2,4}\}|\}| {4}label="(?:[^"\\]|\\.)*";| {2,4}n\d+ (?:-> n\d+ )?\[label="(?:[^"\\]|\\.)*"(?:, shape=\w+, color="#\w+")?\];)$/;

it('writes pictures that no name in a file can break out of', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('"]', '"];\n}', '\\', '\\"', '`md`', '<script>', '#quot;', 'end', '%%{init: {}}%%', '|'),
  );
  const property = fc.property(name, name, (job, other) => {
    const graph = graphOf(
      JSON.stringify({
        on: ['push', other],
        jobs: {
          [job]: {
            'runs-on': other,
            environment: other,
            env: { A: '${{ secrets.A }}' },
            steps: [{ uses: other }, { uses: 'actions/upload-artifact@v4', with: { name: job } }],
          },
        },
      }),
    );
    const lines = (format: string) => (graphWriters[format]?.(graph) ?? '').trimEnd().split('\n');
    for (const line of lines('mermaid')) expect(line).toMatch(MERMAID_LINE);
    for (const line of lines('dot')) expect(line).toMatch(DOT_LINE);
    expect(JSON.parse(lines('json').join('\n'))).toMatchObject({ schema: 'vouchgate-graph/1', left: 0 });
  });
  fc.assert(property);
});

it('ends, however many names there are, and says what it left out', () => {
  const steps = Array.from({ length: 6_000 }, (_, index) => ({ uses: `owner/name-${index}@v1` }));
  const graph = graphOf(JSON.stringify({ on: 'push', jobs: { a: { 'runs-on': 'x', steps } } }));
  expect(graph.nodes.length).toBe(5_000);
  expect(graph.left).toBeGreaterThan(900);
  expect(graphWriters['mermaid']?.(graph)).toContain('more had no room');
});

it('knows which jobs of GitLab merge requests start, and what they share with protected branches', () => {
  const edges = edgesOf(
    graphOf(`# --- .gitlab-ci.yml
include:
  - local: .gitlab/deploy.gitlab-ci.yml
  - project: group/templates
    file: /build.yml
test:
  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
  cache: { key: deps, unprotect: true, paths: [node_modules] }
  script: [make]
# --- .gitlab/deploy.gitlab-ci.yml
.base:
  image: alpine:3
deploy:
  extends: .base
  rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]
  environment: production
  id_tokens: { AWS: { aud: https://aws.example } }
  cache: { key: deps, unprotect: true, policy: pull, paths: [node_modules] }
  script: [make deploy]
`),
  );
  expect(edges).toEqual(
    expect.arrayContaining([
      'trigger merge_request_event starts job test (without secrets for forks)',
      'trigger push starts job deploy',
      'job deploy holds identity AWS for https://aws.example',
      'job deploy enters environment production',
      'job test writes cache deps, shared with unprotected branches',
      'cache deps, shared with unprotected branches feeds job deploy',
      'job test runs code group/templates',
      'job test holds token job token',
    ]),
  );
  expect(edges).not.toContain('trigger push starts job test');
  expect(edges).not.toContain('trigger merge_request_event starts job deploy (without secrets for forks)');
  expect(edges.join('\n')).not.toContain('job .base');
  expect(edges).not.toContain('job deploy writes cache deps, shared with unprotected branches');
});
