import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (script: string, on = 'pull_request_target', last = '      - run: make\n') =>
  briefly(
    findingsOf(
      'path-injection',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ github.head_ref }}\n        run: ${script}\n${last}`,
    ),
  );

it.each([
  'echo "$V" >> $GITHUB_PATH',
  'echo /opt/$V >> "$GITHUB_PATH"',
  'echo "a/${V}" | tee -a $GITHUB_PATH',
])('sees %s', (script) => {
  expect(check(script)).toEqual(['8 high regular']);
});

it('is milder where the run has no secrets, and silent where nobody gains anything', () => {
  expect(check('echo "$V" >> $GITHUB_PATH', 'pull_request')).toEqual(['8 low pedantic']);
  expect(check('echo "$V" >> $GITHUB_PATH', 'pull_request_target', '')).toEqual(['8 low pedantic']);
  expect(check('echo "$HOME/bin" >> $GITHUB_PATH')).toEqual([]);
  expect(check('echo "$V" >> $GITHUB_ENV')).toEqual([]);
});

it('knows the variables of PowerShell, which are others', () => {
  expect(check('echo "$V" >> $GITHUB_PATH\n        shell: pwsh')).toEqual([]);
  expect(check('echo "$env:V" >> $env:GITHUB_PATH\n        shell: pwsh')).toEqual(['8 high regular']);
});

it('sees what an artifact says', () => {
  const steps =
    '      - run: gh run download 1 --dir out\n      - run: echo "$(cat out/folder)" >> $GITHUB_PATH\n      - run: make\n';
  const text = `on: workflow_run\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
  expect(briefly(findingsOf('path-injection', text))).toEqual(['7 high regular']);
});

describe('JavaScript', () => {
  const run = (script: string) =>
    briefly(
      findingsOf(
        'path-injection',
        `on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/github-script@v7\n        with:\n          script: ${script}\n      - run: make\n`,
      ),
    );

  it('adds a folder that an outsider names', () => {
    expect(run('core.addPath(context.payload.pull_request.head.ref)')).toEqual(['6 high regular']);
    expect(
      run('|\n            const { title } = context.payload.pull_request\n            core.addPath(title)'),
    ).toHaveLength(1);
  });

  it('adds a folder of its own', () => {
    expect(run('core.addPath("bin")')).toEqual([]);
    expect(run('core.addPath(String(context.payload.pull_request.number))')).toEqual([]);
  });
});
