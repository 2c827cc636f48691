import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { circleciReader } from './reader.ts';

const read = (text: string) => readDefinitions(new SourceText('.circleci/config.yml', text));

it('knows its files by their folder', () => {
  const kinds = [
    '.circleci/config.yml',
    'web/.circleci/config.yaml',
    '.circleci/src/jobs/a.yml',
    'circleci.yml',
  ];
  expect(kinds.map((file) => circleciReader.kindOfPath(file))).toEqual([
    'workflow',
    'workflow',
    'template',
    undefined,
  ]);
});

it('knows them by what stands in them, and takes no workflow of others for one', () => {
  const kind = (text: string) => {
    const [root] = parseYaml(new SourceText('a.yml', text)).documents;
    return root === undefined ? undefined : circleciReader.kindOfContent(root);
  };
  expect(kind('version: 2.1\njobs: { a: { docker: [] } }')).toBe('template');
  expect(kind('version: 2\nupdates: []')).toBeUndefined();
  expect(kind('on: push\njobs: { a: { steps: [] } }')).toBeUndefined();
});

it('says what CircleCI would refuse, and reads no other file of its folder as a pipeline', () => {
  expect(read('version: 2.1\njobs: nothing\n').problems.map(({ message }) => message)).toEqual([
    '"jobs" has to be a mapping',
  ]);
  expect(read('services: { web: { image: a } }\n').definitions).toEqual([]);
});

const WORDS = [
  'version',
  'jobs',
  'workflows',
  'commands',
  'orbs',
  'executors',
  'parameters',
  'steps',
  'run',
  'command',
  'docker',
  'image',
  'when',
  'unless',
  'condition',
  'equal',
  'not',
  'and',
  'filters',
  'branches',
  'only',
  'requires',
  'context',
  'matrix',
  'triggers',
  'schedule',
  'type',
  'default',
  'executor',
  'name',
  'environment',
  'save_cache',
  'key',
  'a',
  'b',
  'a/b',
  '<<',
];
const VALUES = [
  'a',
  'b',
  'a/b',
  'approval',
  'checkout',
  '<< parameters.a >>',
  '<< pipeline.git.branch >>',
  '/(a+)+/',
  'echo $TOKEN',
  'acme/x@1',
  '$X',
  '',
  'true',
];

/** JSON is YAML: any shape, made of words that the reader looks for. */
const tree = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, depthSize: 'large' },
    fc.constantFrom(...VALUES),
    fc.constantFrom<unknown>(null, true, 2.1),
    fc.dictionary(fc.constantFrom(...WORDS), tie('tree'), { maxKeys: 6 }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
})).tree;

describe('hostile files', () => {
  it('are read without an error, whatever their shape', () => {
    const file = fc.record({ jobs: tree, workflows: tree, commands: tree, orbs: tree, parameters: tree });
    fc.assert(
      fc.property(file, (value) => {
        expect(() => read(JSON.stringify(value))).not.toThrow();
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(() => read(text)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it('end when commands call themselves, or many others each', () => {
    const calls = Array.from(
      { length: 20 },
      (_, n) => `  c${n}: { steps: [c${n + 1}, c${n + 1}, c${n + 1}] }\n`,
    );
    const text = `version: 2.1\ncommands:\n${calls.join('')}  c20: { steps: [c0, run: a] }\njobs:\n  build: { docker: [{ image: a }], steps: [c0] }\n`;
    const before = threadMs();
    expect(read(text).definitions).toHaveLength(1);
    expect(threadMs() - before).toBeLessThan(3_000);
  });

  it('end when parameters are given themselves, many times over', () => {
    const many = '<< parameters.a >>'.repeat(30);
    const text = `version: 2.1\ncommands:\n  c: { parameters: { a: { type: string } }, steps: [c: { a: "${many}" }, run: "${many}"] }\njobs:\n  build: { docker: [{ image: a }], steps: [c: { a: "${many}" }] }\n`;
    const before = threadMs();
    expect(read(text).definitions).toHaveLength(1);
    expect(threadMs() - before).toBeLessThan(5_000);
  });

  it('end with lines of a megabyte, and with thousands of jobs behind one another', () => {
    const before = threadMs();
    for (const part of ['$A_TOKEN ', '<< ', 'docker ', 'read -r ', "'", '$(']) {
      const line = part.repeat(Math.floor(1_000_000 / part.length));
      read(
        `version: 2\njobs:\n  build:\n    docker: [{ image: a }]\n    steps:\n      - run: |\n          ${line}\n`,
      );
    }
    const names = Array.from(
      { length: 3_000 },
      (_, n) => `      - build: { name: j${n}, requires: [j${n - 1}, hold] }\n`,
    );
    read(
      `version: 2.1\njobs: { build: { docker: [{ image: a }], steps: [checkout] } }\nworkflows:\n  w:\n    jobs:\n      - hold: { type: approval }\n${names.join('')}`,
    );
    expect(threadMs() - before).toBeLessThan(15_000);
  });
});
