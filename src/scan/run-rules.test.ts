import { expect, it } from 'vitest';
import { rule as base } from './rules/hardcoded-secret/rule.ts';
import type { Rule } from './rule.ts';
import { scanRepository } from './scan-repository.ts';
import { TEST_DAY_MS } from './testing/scan-text.ts';

const STEPS = ['one', 'two'].map((name) => `      - run: ${name}\n`).join('');
const WORKFLOW = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${STEPS}`;
const FILES = ['a.yml', 'b.yml'].map((name) => ({ file: `.github/workflows/${name}`, text: WORKFLOW }));

function makeRule(id: string, hooks: Partial<Rule>): Rule {
  return { ...base, id, file: () => {}, ...hooks };
}

function scan(rules: readonly Rule[]) {
  return scanRepository({ root: '', files: FILES }, { rules, asOfMs: TEST_DAY_MS });
}

it('asks from the outside in, one file after the other', () => {
  const asked: string[] = [];
  const hooks = (name: string): Partial<Rule> => ({
    file: ({ source }) => asked.push(`${name} file ${source.file.at(-5) ?? ''}`),
    pipeline: () => asked.push(`${name} pipeline`),
    job: ({ id }) => asked.push(`${name} job ${id}`),
    step: ({ index }) => asked.push(`${name} step ${index}`),
    repository: () => asked.push(`${name} repository`),
  });
  scan([makeRule('x', hooks('x')), makeRule('y', hooks('y'))]);
  const ofFile = (letter: string) =>
    [`file ${letter}`, 'pipeline', 'job a', 'step 0', 'step 1'].flatMap((what) => [`x ${what}`, `y ${what}`]);
  expect(asked).toEqual([...ofFile('a'), ...ofFile('b'), 'x repository', 'y repository']);
});

it('asks a rule that failed nothing more about that file, and goes on with the others', () => {
  const asked: string[] = [];
  const failing = makeRule('failing', {
    step: ({ index }) => {
      asked.push(`failing ${index}`);
      throw new Error('no idea');
    },
  });
  const other = makeRule('other', {
    step: (step, context) => context.report({ at: step.node, message: `step ${step.index}` }),
  });
  const { findings, problems } = scan([failing, other]);
  expect(asked).toEqual(['failing 0', 'failing 0']);
  expect(problems.map(({ file, message }) => [file, message])).toEqual(
    FILES.map(({ file }) => [file, 'the rule failing failed here (no idea); please report it']),
  );
  expect(findings).toHaveLength(4);
});

it('gives all rules one and the same assumption about an event', () => {
  const given = new Set<unknown>();
  const asking = {
    pipeline: (_: unknown, context: { outsider(event: string): unknown }) =>
      given.add(context.outsider('push')),
  };
  scan([makeRule('x', asking), makeRule('y', asking)]);
  expect(given.size).toBe(1);
});
