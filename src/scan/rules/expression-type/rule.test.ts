import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (text: string) =>
  findingsOf('expression-type', text).map(
    ({ persona, severity, message }) => `${persona} ${severity}: ${message}`,
  );
const HEAD =
  'on: { workflow_dispatch: { inputs: { dry: { type: boolean } } } }\njobs:\n  a:\n    runs-on: x\n';
const MATRIX = '    strategy: { matrix: { t: [{ n: a, v: [1, 2] }, { n: b, w: 1 }], os: [x, y] } }\n';
const expression = (text: string) =>
  found(`${HEAD}${MATRIX}    steps:\n      - run: |\n          echo \${{ ${text} }}\n`);

describe('members', () => {
  it.each([
    ['github.reff', 'regular low: github has no "reff"; did you mean "ref"?'],
    ['github.something_newer', 'pedantic low: github has no "something_newer"'],
    ['github.repository.owner', 'regular low: github.repository is text, and has no "owner"'],
    ['job.container.os', 'regular low: job.container has no "os"'],
    ['matrix.t.name', 'pedantic low: matrix.t has no "name"'],
    ['matrix.t.v.first', 'regular low: matrix.t.v is a list, and has no "first": take a number or .*'],
    ['inputs.dry.x', 'regular low: inputs.dry is true or false, and has no "x"'],
  ])('%s', (text, message) => {
    expect(expression(text)).toEqual([message]);
  });
  it.each([
    'github.event.anything.at.all',
    'github.REF',
    'matrix.t.n',
    'matrix.t.w',
    'matrix.t.v[0]',
    'matrix.os',
    'env.A',
    'vars.B',
    'secrets.C',
    'runner.workspace',
    'job.services.db.ports[5432]',
    "join(github.event.issue.labels.*.name, ',')",
    "contains(github.event.pull_request.labels.*.name, 'x')",
    'fromJSON(\'[{"a": 1}]\')[0].a',
    'toJSON(matrix.t)',
  ])('accepts %s', (text) => {
    expect(expression(text)).toEqual([]);
  });
});

describe('functions', () => {
  it.each([
    ["contains('a')", 'regular medium: contains takes 2 values, and gets 1'],
    ["format('{0} {1}', github.ref)", 'regular medium: format has no value for {1}'],
    [
      "format('{0}', github.ref, github.sha)",
      'regular low: format never uses its value number 1: there is no {1} in the pattern',
    ],
    ['fromJSON(\'{"a": \')', 'regular medium: fromJSON gets a text that is no JSON'],
    ['fromJSON(\'{"a": 1}\').b', 'regular low: this has no "b"; did you mean "a"?'],
    [
      "startsWith(github, 'a')",
      'regular low: startsWith wants text as its value number 1, and gets an object',
    ],
    [
      'case(true, 1, false, 2)',
      'regular medium: case takes pairs of a condition and a value, and one value more at the end; it gets 4',
    ],
  ])('%s', (text, message) => {
    expect(expression(text)).toEqual([message]);
  });
  it.each(["format('{{0}} {0}', 1)", "case(true, 'a', 'b')", "hashFiles('a', 'b')", 'always()'])(
    'accepts %s',
    (text) => {
      expect(expression(text)).toEqual([]);
    },
  );
});

it('knows what cannot be compared, and what cannot be printed', () => {
  expect(expression("matrix.t == 'a'")).toEqual([
    'regular low: matrix.t is an object, and == with text is always false',
  ]);
  expect(expression('matrix.t')).toEqual([
    'regular low: this is an object, and comes out as the word "Object": toJSON writes what is in it',
  ]);
  expect(expression('matrix.t.v[true]')).toHaveLength(1);
  expect(expression('github.event.a == matrix.t')).toEqual([]);
});

it('knows outputs of actions and of called workflows', () => {
  const steps = (uses: string, output: string) =>
    found(
      `${HEAD}    steps:\n      - { id: s, uses: ${uses} }\n      - run: echo \${{ steps.s.outputs.${output} }}\n`,
    );
  expect(steps('actions/cache@v4', 'cache-hit')).toEqual([]);
  expect(steps('actions/cache@v4', 'cache_hit')).toEqual([
    'regular low: steps.s.outputs has no "cache_hit"; did you mean "cache-hit"?',
  ]);
  expect(steps('actions/github-script@v7', 'anything')).toEqual([]);
  expect(steps('some/action@v1', 'anything')).toEqual([]);
  const files =
    '# --- .github/workflows/c.yml\non: { workflow_call: { outputs: { tag: { value: a } } } }\njobs: { j: { runs-on: x, steps: [{ run: a }] } }\n# --- .github/workflows/w.yml\non: push\njobs:\n  c: { uses: ./.github/workflows/c.yml }\n';
  const call = (output: string) =>
    found(`${files}  d: { needs: c, runs-on: x, steps: [{ run: "\${{ needs.c.outputs.${output} }}" }] }\n`);
  expect(call('tag')).toEqual([]);
  expect(call('tags')).toEqual(['regular low: needs.c.outputs has no "tags"; did you mean "tag"?']);
});

it('follows no matrix that is computed', () => {
  const text = `${HEAD}    strategy: { matrix: "\${{ fromJSON(vars.m) }}" }\n    steps:\n      - run: echo \${{ matrix.a.b.c }}\n`;
  expect(found(text)).toEqual([]);
});

it('knows what the workflow itself declares', () => {
  const text = (body: string) =>
    found(
      `on: { workflow_call: { secrets: { token: }, outputs: { o: { value: "\${{ ${body} }}" } } } }\njobs:\n  a: { runs-on: x, outputs: { tag: b }, steps: [{ run: "\${{ secrets.tokens }}" }] }\n`,
    );
  const secret = 'pedantic low: secrets has no "tokens"; did you mean "token"?';
  expect(text('jobs.a.outputs.tag')).toEqual([secret]);
  expect(text('jobs.a.outputs.tags')).toHaveLength(2);
  expect(expression('github.event.inputs.drry')).toEqual([
    'regular low: github.event.inputs has no "drry"; did you mean "dry"?',
  ]);
});

it('leaves secrets alone that come with an environment or from a caller that hands on all', () => {
  const callee = (job: string) =>
    `on: { workflow_call: { secrets: { token: } } }\njobs:\n  a: { runs-on: x, ${job} steps: [{ run: "\${{ secrets.other }}" }] }\n`;
  expect(found(callee('environment: production,'))).toEqual([]);
  expect(found(callee(''))).toEqual(['pedantic low: secrets has no "other"']);
  const caller = 'on: push\njobs: { c: { uses: ./.github/workflows/a.yml, secrets: inherit } }\n';
  const files = `# --- .github/workflows/a.yml\n${callee('')}# --- .github/workflows/b.yml\n${caller}`;
  expect(found(files)).toEqual([]);
});
