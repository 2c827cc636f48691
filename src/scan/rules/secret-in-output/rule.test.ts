import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) => briefly(findingsOf('secret-in-output', text));
const upload = (path: string, more = '') =>
  `      - uses: actions/upload-artifact@v4\n        with:\n          path: ${path}\n${more}`;
const workflow = (script: string, then: string) =>
  `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - env:\n          KEY: \${{ secrets.KEY }}\n        run: ${script}\n${then}`;

it.each([
  ['the file', 'echo "$KEY" > out/key', upload('out/key')],
  ['its folder', 'echo "$KEY" > ./out/key', upload('out/')],
  ['all files', 'echo "${{ secrets.KEY }}" >> key.txt', upload('.')],
  ['a decoded one', 'echo "$KEY" | base64 -d > key.p12', upload('key.p12')],
])('sees %s uploaded', (_name, script, then) => {
  expect(check(workflow(script, then))).toEqual(['8 high regular']);
});

it.each([
  ['another folder', 'echo "$KEY" > out/key', upload('dist')],
  ['a temporary file', 'echo "$KEY" > "$RUNNER_TEMP/key"', upload('.')],
  ['a hidden file', 'echo "$KEY" > .npmrc', upload('.')],
  ['other values', 'echo "$OTHER" > out/key', upload('out')],
])('is content with %s', (_name, script, then) => {
  expect(check(workflow(script, then))).toEqual([]);
});

it('sees hidden files that are asked for', () => {
  const all = upload('.', '          include-hidden-files: true\n');
  expect(check(workflow('echo "$KEY" > .npmrc', all))).toHaveLength(1);
});

it('sees outputs of jobs and of workflows that are called', () => {
  const text =
    'on:\n  workflow_call:\n    outputs:\n      b:\n        value: ${{ jobs.a.outputs.k }}\njobs:\n  a:\n    runs-on: x\n    outputs:\n      k: ${{ secrets.KEY }}\n      n: ${{ steps.x.outputs.y }}\n    steps: []\n';
  expect(check(text)).toEqual(['10 medium regular']);
});
