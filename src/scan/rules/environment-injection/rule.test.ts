import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (on: string, script: string, value: string, last = '') =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ ${value} }}\n        run: ${script}\n${last}`;
const NEXT = '      - run: make\n';
const check = (script: string, value = 'github.event.comment.body', on = 'issue_comment', last = NEXT) =>
  briefly(findingsOf('environment-injection', workflow(on, script, value, last)));

describe('text with line breaks', () => {
  it.each([
    'echo "A=$V" >> "$GITHUB_ENV"',
    'echo "A=${V}" >> $GITHUB_ENV',
    'echo "A=$V" | tee -a "$GITHUB_ENV"',
    'printf "A=$V" >> "${GITHUB_ENV}"',
    '|\n          X="$V"\n          echo "A=$X" >> "$GITHUB_ENV"',
    '|\n          cat <<EOF >> $GITHUB_ENV\n          A=$V\n          EOF',
  ])('%s', (script) => {
    expect(check(script)).toHaveLength(1);
  });

  it.each([
    // The shell makes one line of it.
    'echo A=$V >> "$GITHUB_ENV"',
    "echo 'A=$V' >> $GITHUB_ENV",
    'echo "A=${V//[^a-z]/}" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | tr -d \'\\n\')" >> $GITHUB_ENV',
    'echo "A=$V" >> file',
    '|\n          # echo "A=$V" >> $GITHUB_ENV',
    '|\n          V=1\n          echo "A=$V" >> $GITHUB_ENV',
  ])('not in %s', (script) => {
    expect(check(script)).toEqual([]);
  });
});

it('lets one line of text be the value of a name, and not the name', () => {
  expect(check('echo "A=$V" >> $GITHUB_ENV', 'github.event.issue.title')).toEqual([]);
  expect(check('echo "$V" >> $GITHUB_ENV', 'github.event.issue.title')).toEqual(['9 high regular']);
  const block =
    '|\n          {\n            echo "A<<EOF"\n            echo "$V"\n            echo EOF\n          } >> $GITHUB_ENV';
  expect(check(block, 'github.event.issue.title')).toEqual([]);
  expect(check(block)).toEqual(['12 high regular']);
});

it('counts what actions do at the end of the job as something that follows', () => {
  const text =
    'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - env: {V: "${{ github.event.issue.body }}"}\n        run: echo "A=$V" >> $GITHUB_ENV\n';
  expect(briefly(findingsOf('environment-injection', text))).toEqual(['8 high regular']);
});

it('asks who starts it with what rights, and whether something follows', () => {
  const script = 'echo "A=$V" >> $GITHUB_ENV';
  expect(check(script, 'github.event.pull_request.body', 'pull_request')).toEqual(['9 low pedantic']);
  expect(check(script, 'github.event.comment.body', 'issue_comment', '')).toEqual([]);
  expect(check(script, 'github.event.release.body', 'release')).toEqual([]);
});

it('sees files of another run', () => {
  const text = (read: string) =>
    `on: {workflow_run: {workflows: [x]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: gh run download 1\n      - run: ${read} >> $GITHUB_ENV\n      - run: make\n`;
  const run = (read: string) => briefly(findingsOf('environment-injection', text(read)));
  expect(run('echo "PR=$(cat pr/number)"')).toEqual(['7 high regular']);
  expect(run('|\n          N=$(cat pr/number)\n          echo "PR=$N"')).toEqual(['9 high regular']);
  const checked = 'if ! [[ $N =~ ^[0-9]+$ ]]; then exit 1; fi';
  expect(run(`|\n          N=$(cat pr/number)\n          ${checked}\n          echo "PR=$N"`)).toEqual([]);
  expect(run('echo "PR=$(jq -r .number pr/event.json)"')).toEqual(['7 high regular']);
  expect(run('cat pr/environment')).toEqual(['7 high regular']);
  expect(run('echo PR=$(cat pr/number)')).toEqual([]);
  expect(run('echo "PR=$(head -c 9 pr/number | tr -cd 0-9)"')).toEqual([]);
});
