import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { scanFiles } from './testing/scan-text.ts';

/** Generous on a busy machine; what these guard against takes minutes. */
const TIME_MS_MAX = 15_000;

function timeMs(text: string, file = '.github/workflows/a.yml'): number {
  const startMs = threadMs();
  scanFiles([{ file, text }]);
  return threadMs() - startMs;
}

const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const job = (steps: string, on = '[issues, pull_request_target]') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n${steps}`;

describe('a file that was made to keep the scanner busy is done in time', () => {
  it.each([
    [
      'many steps that each read all before',
      job(repeat(3_000, (i) => `    - run: echo "X${i}=$Y" >> $GITHUB_ENV; echo \${{ env.x${i} }}\n`)),
    ],
    [
      'many checkouts',
      job(repeat(3_000, () => '    - {uses: actions/checkout@v3, with: {ref: "${{ github.head_ref }}"}}\n')),
    ],
    [
      'variables woven into one another',
      `on: issues\nenv:\n${repeat(200, (i) => `  V${i}: "${repeat(8, (k) => `\${{ env.V${(i + k + 1) % 200} }}`)}"\n`)}jobs:\n  a:\n    steps:\n    - run: echo \${{ env.V0 }}\n`,
    ],
    [
      'jobs that need all jobs before',
      `on: pull_request_target\njobs:\n${repeat(600, (i) => `  j${i}:\n    if: github.actor\n    runs-on: self-hosted\n    needs: [${repeat(i, (k) => `j${k},`)}]\n`)}`,
    ],
    [
      'layers of jobs',
      `on: pull_request_target\njobs:\n${repeat(120, (i) => `  j${i}:\n    runs-on: self-hosted\n    needs: [j${i + 2 - (i % 2)}, j${i + 3 - (i % 2)}]\n`)}`,
    ],
    [
      'a matrix of a thousand values',
      `on: issues\njobs:\n  a:\n    strategy:\n      matrix:\n        x: [${repeat(1_000, (i) => `"\${{ github.event.issue.title }}${i}",`)}]\n    steps:\n${repeat(300, () => '    - run: echo ${{ matrix.x }}\n')}`,
    ],
    ['a long line of commands', job(`    - run: ${'git fetch mvn '.repeat(100_000)}\n`)],
    [
      'long lines of downloads',
      job(
        `    - env:\n        V: \${{ github.event.issue.title }}\n      run: |\n${repeat(450, () => `        ${'curl https://a/$V? '.repeat(105)}\n`)}`,
      ),
    ],
    [
      'secrets for every step',
      `on: push\nenv:\n${repeat(2_000, (i) => `  S${i}: "\${{ secrets.S${i} }}"\n`)}${job('    - run: echo $S1 | base64\n'.repeat(3_000)).slice('on: [issues, pull_request_target]\n'.length)}`,
    ],
    [
      'a long line of spaces',
      job(`    - run: "a${' '.repeat(1_000_000)}x\n      b \${{ github.event.issue.title }}"\n`),
    ],
    [
      'a script of comment signs',
      job(`    - run: |\n        ${'# '.repeat(300_000)}\${{ github.event.issue.title }}\n`),
    ],
    [
      'many ignore comments',
      `${job('    - uses: a/b@v1\n'.repeat(3_000))}${'# zizmor: ignore[x]\n'.repeat(50_000)}`,
    ],
    [
      'many anchors and aliases',
      `on: issues\nx:\n${repeat(20_000, (i) => `- &a${i} [${i === 0 ? '' : `*a${i - 1}`}]\n`)}jobs: {}\n`,
    ],
  ])('%s', (_name, text) => {
    expect(timeMs(text)).toBeLessThan(TIME_MS_MAX);
  });
});
