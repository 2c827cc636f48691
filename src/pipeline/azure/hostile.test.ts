import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readRepository } from './testing/read.ts';

const KEYS = [
  'trigger',
  'pr',
  'resources',
  'repositories',
  'containers',
  'variables',
  'group',
  'template',
  'parameters',
  'stages',
  'stage',
  'jobs',
  'job',
  'deployment',
  'strategy',
  'matrix',
  'runOnce',
  'steps',
  'task',
  'inputs',
  'script',
  'bash',
  'condition',
  'dependsOn',
  'pool',
  'container',
  'services',
  'environment',
  'extends',
  "${{ if eq(variables.a, 'b') }}",
  '${{ each a in parameters.b }}',
  '${{ else }}',
] as const;

const WORDS = [
  'none',
  'self',
  'x.yml',
  'azure-pipelines.yml',
  'a@b',
  '$(a)',
  '${{ parameters.a }}',
  '$[ 1',
  '',
  '@',
  'Bash@3',
];

const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom(...WORDS),
    fc.constant(null),
    fc.integer(),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 6 }),
  ),
})).node;

describe('whatever the file says', () => {
  it('the reader ends without an error', () => {
    const property = fc.property(value, value, (root, template) => {
      const files = { 'azure-pipelines.yml': JSON.stringify(root), 'x.yml': JSON.stringify(template) };
      expect(readRepository(files)).toHaveLength(2);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('bytes are no trouble, either', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(readRepository({ '.azure-pipelines/a.yml': text })).toHaveLength(1);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each([
    ['a line of one megabyte', `steps:\n  - script: ${'$(Build.SourceBranch) '.repeat(50_000)}\n`],
    ['a condition of one megabyte', `jobs:\n  - job: a\n    condition: ${'and('.repeat(250_000)}\n`],
    [
      'many variables',
      `variables:\n${Array.from({ length: 20_000 }, (_, at) => `  v${at}: $(v${at - 1})\n`).join('')}steps: [{ script: x }]\n`,
    ],
    [
      'many jobs',
      `jobs:\n${Array.from({ length: 3_000 }, (_, at) => `  - { job: j${at}, dependsOn: j${at - 1}, steps: [{ script: x }] }\n`).join('')}`,
    ],
    [
      'many jobs with many variables',
      `variables:\n${Array.from({ length: 5_000 }, (_, at) => `  v${at}: $(Build.SourceBranch)\n`).join('')}jobs:\n${Array.from({ length: 3_000 }, (_, at) => `  - { job: j${at}, steps: [{ script: x }] }\n`).join('')}`,
    ],
    [
      'stages that wait for each other',
      'stages:\n  - { stage: a, dependsOn: b, jobs: [{ job: a, steps: [{ script: x }] }] }\n  - { stage: b, dependsOn: a, jobs: [{ job: b, steps: [{ script: x }] }] }\n',
    ],
    [
      'deep directives',
      `steps:\n${Array.from({ length: 60 }, (_, at) => `${'  '.repeat(at + 1)}- \${{ if true }}:\n`).join('')}`,
    ],
    [
      'an alias bomb',
      `a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: &e [*d, *d, *d, *d]\nf: &f [*e, *e, *e, *e]\nsteps: [*f, *f, *f, *f, *f]\n`,
    ],
  ])('%s is read in bounded time', (_name, text) => {
    const begun = threadMs();
    expect(readRepository({ 'azure-pipelines.yml': text })).toHaveLength(1);
    expect(threadMs() - begun).toBeLessThan(5_000);
  });
});
