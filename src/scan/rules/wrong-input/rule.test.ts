import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (text: string) =>
  findingsOf('wrong-input', text).map(({ persona, message }) => `${persona}: ${message}`);
const step = (body: string) => found(`on: push\njobs: { a: { runs-on: x, steps: [{ ${body} }] } }\n`);

describe('inputs of well-known actions', () => {
  it('are compared without case, version by version', () => {
    expect(step('uses: actions/checkout@v4, with: { Fetch-Depth: 0, persist-credentials: false }')).toEqual(
      [],
    );
    expect(step('uses: actions/checkout@v4, with: { persist-credential: false }')).toEqual([
      'regular: actions/checkout 4 has no input "persist-credential"; did you mean "persist-credentials"?',
    ]);
    expect(step('uses: actions/checkout@main, with: { persist-credential: false }')).toEqual([]);
  });
  it('that nobody can have meant are for pedants: the table can be older than the action', () => {
    expect(step('uses: actions/setup-node@v4, with: { colour: red }')).toEqual([
      'pedantic: actions/setup-node 4 has no input "colour"',
    ]);
  });
  it('can be required', () => {
    expect(step('uses: actions/cache@v4, with: { path: x }')).toEqual([
      'regular: actions/cache 4 wants the input "key", and gets none',
    ]);
    expect(step('uses: actions/cache@v4, with: "${{ fromJSON(vars.x) }}"')).toEqual([]);
  });
});

it('knows the inputs of local actions', () => {
  const action =
    '# --- act/action.yml\ninputs: { a: { required: true }, b: { required: true, default: x }, c: }\nruns: { using: composite, steps: [] }\n';
  const use = (body: string) =>
    found(
      `${action}# --- .github/workflows/w.yml\non: push\njobs: { j: { runs-on: x, steps: [{ uses: ./act, ${body} }] } }\n`,
    );
  expect(use('with: { A: 1 }')).toEqual([]);
  expect(use('with: { a: 1, d: 1 }')).toEqual(['regular: ./act has no input "d"; did you mean "a"?']);
  expect(use('with: { c: 1 }')).toEqual(['pedantic: ./act wants the input "a", and gets none']);
});

describe('called workflows', () => {
  const callee =
    '# --- .github/workflows/callee.yml\non: { workflow_call: { inputs: { count: { type: number, required: true }, dry: { type: boolean } }, secrets: { token: { required: true } } } }\njobs: { j: { runs-on: x, steps: [{ run: a }] } }\n';
  const call = (body: string, file = 'callee') =>
    found(
      `${callee}# --- .github/workflows/w.yml\non: push\njobs: { j: { uses: ./.github/workflows/${file}.yml, ${body} } }\n`,
    );

  it('get what they declare', () => {
    expect(call('with: { count: 1, dry: true }, secrets: { token: "${{ secrets.T }}" }')).toEqual([]);
    expect(call('with: { count: "${{ inputs.n }}" }, secrets: inherit')).toEqual([]);
  });
  it('refuse what they do not, and miss what is not given', () => {
    expect(call('with: { number: 1 }, secrets: { tokens: x }')).toEqual([
      'regular: ./.github/workflows/callee.yml wants the input "count", and gets none',
      'regular: ./.github/workflows/callee.yml wants the secret "token", and gets none',
      'regular: ./.github/workflows/callee.yml has no input "number"',
      'regular: ./.github/workflows/callee.yml has no secret "tokens"; did you mean "token"?',
    ]);
  });
  it('want the right type', () => {
    expect(call('with: { count: many, dry: "yes" }, secrets: inherit')).toEqual([
      'regular: the input "count" is a number, and "many" is none',
      'regular: the input "dry" is a boolean, and "yes" is none',
    ]);
  });
  it('have to be callable', () => {
    expect(call('with: {}', 'w')).toEqual([
      'regular: ./.github/workflows/w.yml cannot be called: it has no trigger workflow_call',
    ]);
  });
});
