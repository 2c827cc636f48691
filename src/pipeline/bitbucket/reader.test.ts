import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { bitbucketReader } from './reader.ts';

const read = (text: string) => readDefinitions(new SourceText('bitbucket-pipelines.yml', text));

it('knows its files by their names', () => {
  const files = [
    'bitbucket-pipelines.yml',
    'a/bitbucket-pipelines.yaml',
    '.bitbucket/shared-pipelines.yml',
    'pipelines.yml',
    'my-bitbucket-pipelines.yml',
    '.bitbucket/teams.yml',
  ];
  expect(files.map((file) => bitbucketReader.kindOfPath(file))).toEqual([
    'workflow',
    'workflow',
    'template',
    undefined,
    undefined,
    undefined,
  ]);
});

it('knows them by what stands in them', () => {
  const kind = (text: string) => {
    const [root] = parseYaml(new SourceText('a.yml', text)).documents;
    return root === undefined ? undefined : bitbucketReader.kindOfContent(root);
  };
  expect(kind('pipelines: { default: [{ step: { script: [a] } }] }')).toBe('workflow');
  expect(kind('pipelines: { build: {} }')).toBeUndefined();
  expect(kind('resources: { pipelines: [] }')).toBeUndefined();
});

it('says what Bitbucket would refuse', () => {
  expect(read('pipelines: [a]\n').problems.map(({ message }) => message)).toEqual([
    '"pipelines" has to be a mapping',
  ]);
});

const WORDS = [
  'image',
  'name',
  'definitions',
  'steps',
  'step',
  'services',
  'caches',
  'pipelines',
  'default',
  'branches',
  'custom',
  'parallel',
  'stage',
  'script',
  'pipe',
  'variables',
  'trigger',
  'deployment',
  'runs-on',
  'artifacts',
  'paths',
  'import',
  'imports',
  'oidc',
  'after-script',
  '<<',
  'a',
];
const VALUES = [
  'manual',
  'a:1',
  'docker',
  'self.hosted',
  'docker://a',
  '{a,b}',
  '**',
  '$TOKEN',
  'eval $BITBUCKET_BRANCH',
  '',
  'r:b:p',
  'true',
];

const tree = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, depthSize: 'large' },
    fc.constantFrom(...VALUES),
    fc.constantFrom<unknown>(null, true, 1),
    fc.dictionary(fc.constantFrom(...WORDS), tie('tree'), { maxKeys: 6 }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
})).tree;

describe('hostile files', () => {
  it('are read without an error, whatever their shape', () => {
    const pipelines = fc.dictionary(fc.constantFrom('default', 'branches', 'custom', 'tags'), tree);
    fc.assert(
      fc.property(fc.record({ pipelines, definitions: tree, image: tree, options: tree }), (value) => {
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

  it('end when aliases stand for ever more of themselves', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `  l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(10)}]\n`,
    );
    const text = `definitions:\n  l0: &l0 [{ step: { script: [a] } }]\n${levels.join('')}pipelines:\n  default: *l12\n`;
    const before = threadMs();
    read(text);
    expect(threadMs() - before).toBeLessThan(5_000);
  });

  it('end with lines of a megabyte', () => {
    const before = threadMs();
    for (const part of ['$A_TOKEN ', '{a,', 'ssh "', 'read -r ', '> a ', '**']) {
      const line = part.repeat(Math.floor(1_000_000 / part.length));
      read(`pipelines:\n  branches:\n    ? "${line.replaceAll('"', '')}"\n    : - step: { script: [a] }\n`);
      read(`pipelines:\n  default:\n    - step:\n        script:\n          - |\n            ${line}\n`);
    }
    expect(threadMs() - before).toBeLessThan(15_000);
  });
});
