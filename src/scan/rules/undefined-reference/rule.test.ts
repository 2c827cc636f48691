import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (text: string) => findingsOf('undefined-reference', text).map(({ message }) => message);
const jobs = (...lines: string[]) =>
  messages(`on: push\njobs:\n${lines.map((line) => `  ${line}\n`).join('')}`);
const steps = (...list: string[]) => jobs(`a: { runs-on: x, steps: [${list.join(', ')}] }`);

describe('steps', () => {
  it('have to be defined, and before', () => {
    expect(steps('{ id: one, run: a }', '{ run: "${{ steps.One.outputs.x }}" }')).toEqual([]);
    expect(steps('{ run: "${{ steps.one.outputs.x }}" }', '{ id: one, run: a }')).toEqual([
      'steps.one is always empty here: that step comes later',
    ]);
    expect(steps('{ run: "${{ steps.two.outputs.x }}" }')).toEqual([
      'steps.two is always empty: no step of this job has that id',
    ]);
  });

  it('all count for outputs of the job', () => {
    expect(
      jobs('a: { runs-on: x, outputs: { o: "${{ steps.z.outputs.o }}" }, steps: [{ id: z, run: a }] }'),
    ).toEqual([]);
  });
});

it('wants jobs to be needed', () => {
  expect(jobs('b: { runs-on: x, if: needs.a.result, steps: [] }')).toEqual([
    'needs.a is always empty: the job b does not need that job',
  ]);
  expect(jobs('b: { runs-on: x, needs: a, if: needs.a.result, steps: [] }')).toEqual([]);
});

describe('matrix', () => {
  const matrix = (value: string) =>
    jobs(`a: { runs-on: "\${{ matrix.os }}", strategy: { matrix: ${value} }, steps: [] }`);
  it('has its names and those of include', () => {
    expect(matrix('{ os: [x] }')).toEqual([]);
    expect(matrix('{ include: [{ os: x }] }')).toEqual([]);
    expect(matrix('{ system: [x] }')).toEqual([
      'matrix.os is always empty: the matrix of the job a has no such value',
    ]);
  });

  it('may be computed', () => {
    expect(matrix('"${{ fromJSON(vars.x) }}"')).toEqual([]);
    expect(matrix('{ include: "${{ fromJSON(vars.x) }}" }')).toEqual([]);
  });

  it('of a composite action is the one of its caller', () => {
    expect(
      messages(
        '# --- action.yml\nruns: { using: composite, steps: [{ run: "${{ matrix.x }}", shell: sh }] }\n',
      ),
    ).toEqual([]);
  });
});

it('knows the members of steps and of needed jobs', () => {
  expect(steps('{ id: one, run: a }', '{ run: "${{ steps.one.version }}" }')).toEqual([
    'steps.one.version is always empty: a step has outputs, outcome, conclusion',
  ]);
  const needing = (value: string) => `b: { runs-on: x, needs: a, if: ${value}, steps: [] }`;
  const job = 'a: { runs-on: x, outputs: { tag: v1 }, steps: [] }';
  expect(jobs(job, needing('needs.a.outputs.Tag'))).toEqual([]);
  expect(jobs(job, needing('needs.a.outputs.tags'))).toEqual([
    'needs.a.outputs.tags is always empty: the job a has no such output; did you mean "tag"?',
  ]);
  expect(jobs(job, needing('needs.a.conclusion'))).toHaveLength(1);
  expect(jobs('a: { uses: o/r/.github/workflows/x.yml@v1 }', needing('needs.a.outputs.any'))).toEqual([]);
});

it('says it once for a job, with every place', () => {
  const use = '{ run: "${{ steps.x.outputs.y }}" }';
  const text = `on: push\njobs:\n  a: { runs-on: x, steps: [${use}, ${use}] }\n  b: { runs-on: x, steps: [${use}] }\n`;
  const findings = findingsOf('undefined-reference', text);
  expect(findings.map(({ locations }) => locations.length)).toEqual([2, 1]);
});

it('wants inputs to be declared', () => {
  const workflow = (on: string) =>
    messages(`on: ${on}\njobs:\n  a: { runs-on: x, if: inputs.deploy, steps: [] }\n`);
  expect(workflow('push')).toEqual(['inputs.deploy is always empty: this workflow has no such input']);
  expect(workflow('{ workflow_dispatch: { inputs: { deploy: { type: boolean } } } }')).toEqual([]);
});

it('does not follow names that are computed', () => {
  expect(
    steps("{ run: \"${{ steps[format('{0}', 'x')].outputs.y }}\" }", '{ run: "${{ toJSON(needs) }}" }'),
  ).toEqual([]);
});
