import { expect, it } from 'vitest';
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
  expect(check('echo "$V" >> $GITHUB_PATH', 'pull_request_target', '')).toEqual([]);
  expect(check('echo "$HOME/bin" >> $GITHUB_PATH')).toEqual([]);
  expect(check('echo "$V" >> $GITHUB_ENV')).toEqual([]);
});

it('leaves PowerShell alone, where it is no variable of the environment', () => {
  expect(check('echo "$V" >> $GITHUB_PATH\n        shell: pwsh')).toEqual([]);
});
