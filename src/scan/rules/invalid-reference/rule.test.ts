import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (job: string) =>
  findingsOf('invalid-reference', `on: push\njobs: { a: ${job} }\n`).map(({ message }) =>
    message.replace(/^.*?": /, ''),
  );
const step = (uses: string) => messages(`{ runs-on: x, steps: [{ uses: "${uses}" }] }`);
const call = (uses: string) => messages(`{ uses: "${uses}" }`);

it.each([
  'a/b@v1',
  'a/b/c/d@main',
  './x',
  '.',
  './',
  '../x',
  '$/x',
  'docker://alpine',
  'docker://r:5000/a:1',
])('a step can use %s', (uses) => {
  expect(step(uses)).toEqual([]);
});

it.each([
  ['b@v1', 'it has to name an owner and a repository, as in owner/repository@v1'],
  ['a/b', 'it names no version: write @ and a commit or a tag behind it, or ./ in front of a path'],
  [
    '.github/actions/x',
    'it names no version: write @ and a commit or a tag behind it, or ./ in front of a path',
  ],
  ['a/b@', 'there is nothing behind the @'],
  ['a/b@v 1', 'there is white space in it'],
  ['a/${{ matrix.b }}@v1', 'expressions are not evaluated here'],
  ['docker://', 'it names no image'],
  ['docker://alpine:', 'there is no tag behind the colon'],
])('a step cannot use %s', (uses, fault) => {
  expect(step(uses)).toEqual([fault]);
});

it.each(['a/b/.github/workflows/c.yml@v1', './.github/workflows/c.yaml', '$/.github/workflows/c.yml'])(
  'a job can call %s',
  (uses) => {
    expect(call(uses)).toEqual([]);
  },
);

it.each([
  ['a/b@v1', 'a job calls a file, as in owner/repository/.github/workflows/file.yml@v1'],
  ['./c.yml', 'workflows lie in .github/workflows, and in no folder of it'],
  ['./.github/workflows/sub/c.yml', 'workflows lie in .github/workflows, and in no folder of it'],
  ['./.github/workflows/c.yml@v1', 'a workflow of the same repository has no version of its own'],
])('a job cannot call %s', (uses, fault) => {
  expect(call(uses)).toEqual([fault]);
});

it('takes no longer for a megabyte', () => {
  const started = threadMs();
  expect(step('a'.repeat(1_000_000))).toHaveLength(1);
  expect(threadMs() - started).toBeLessThan(2000);
});

it('leaves addresses to the servers that take them', () => {
  const text =
    '# --- .forgejo/workflows/a.yml\non: push\njobs: { a: { runs-on: docker, steps: [{ uses: "https://example.org/a/b@v1" }] } }\n';
  expect(findingsOf('invalid-reference', text)).toEqual([]);
  expect(findingsOf('unknown-runner', text)).toEqual([]);
});
