import fc from 'fast-check';
import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { SourceText } from '../source.ts';
import { jenkinsReader } from './reader.ts';

const read = (text: string) => jenkinsReader.readSource?.(new SourceText('Jenkinsfile', text), 'workflow');

const WORDS = [
  'pipeline {',
  'agent any',
  'stages {',
  "stage('a') {",
  'steps {',
  '}',
  '{',
  '(',
  ')',
  '[',
  ']',
  '\n',
  ';',
  ',',
  ':',
  '->',
  'sh ',
  '"x ${env.CHANGE_TITLE}"',
  "'a'",
  'def f(a) {',
  'f(',
  'if (',
  'else ',
  'env.CHANGE_ID',
  '==',
  '!',
  '&&',
  '?',
  'withCredentials([',
  "string(credentialsId: 'a', variable: 'A')",
  "node('built-in') {",
  'environment {',
  'A = ',
  'when {',
  'not {',
  "branch 'main'",
  "@Library('a') _",
  'matrix {',
  'parallel(',
  'load ',
  '"${',
  '"',
  "'''",
  '/',
  '$/',
  '.',
  '+',
  'input ',
];

it('reads any text without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(read(text)).toBeDefined();
    }),
  );
});

it('reads anything that is made of the words of pipelines without throwing', () => {
  const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 120 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(text, (each) => {
      for (const definition of read(each)?.definitions ?? []) {
        if (definition.kind !== 'pipeline') continue;
        for (const { surface } of definition.pipeline.jobs) {
          for (const { text: value, start, end } of surface?.insertions ?? []) {
            const span = value.span(start, end);
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(each.length);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

const LENGTH = 1_000_000;
const fill = (part: string) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);

it.each([
  ['brackets', fill('({[')],
  ['closures', fill('a{')],
  ['strings in strings', fill('"${')],
  ['slashes that open strings', fill('=/${')],
  ['a chain', `a${fill('.b()')}`],
  ['sums', `sh ${fill('"${a}" + ')}`],
  ['commands', fill('a b ')],
  ['bindings', `withCredentials([${fill('string(credentialsId: "a", variable: "b"),')}`],
  ['functions that call themselves', fill('def f(a){sh "${a}"\nf(a)\n}\n')],
  ['assignments in a circle', `${fill('a = b\nb = a\n')}sh "\${a}"`],
  [
    'a large function that is called often',
    `def f(){ sh '${'x'.repeat(500_000)}' }\n${'f()\n'.repeat(50_000)}`,
  ],
])('reads a million characters of %s in seconds', { timeout: 60_000 }, (_name, text) => {
  const started = threadMs();
  expect(read(text)).toBeDefined();
  expect(threadMs() - started).toBeLessThan(20_000);
});
