import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (script: string, uses: string, value = 'github.event.issue.body') =>
  briefly(
    findingsOf(
      'output-clobbering',
      `on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - id: x\n        env:\n          V: \${{ ${value} }}\n        run: |\n          echo "ok=no" >> $GITHUB_OUTPUT\n          ${script}\n      - if: ${uses}\n        run: make\n`,
    ),
  );
const READS = "steps.x.outputs.ok == 'yes'";

it.each(['echo "body=$V" >> $GITHUB_OUTPUT', 'printf "body<<E\\n$V\\nE" >> "$GITHUB_OUTPUT"'])(
  'sees %s',
  (script) => {
    expect(check(script, READS)).toEqual(['11 medium regular']);
  },
);

it('is silent when nobody reads another output', () => {
  expect(check('echo "body=$V" >> $GITHUB_OUTPUT', "steps.x.outputs.body == 'yes'")).toEqual([]);
});

it('is silent when the value is one line', () => {
  expect(check('echo "body=$V" >> $GITHUB_OUTPUT', READS, 'github.event.issue.title')).toEqual([]);
  expect(check('echo body=$V >> $GITHUB_OUTPUT', READS)).toEqual([]);
});
