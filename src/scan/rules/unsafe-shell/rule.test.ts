import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { scanRepository } from '../../scan-repository.ts';
import { findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const check = (step: string, { on = 'issues', more = '' } = {}) =>
  findingsOf(
    'unsafe-shell',
    `on: ${on}\n${more}\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - ${step}\n`,
  ).map(({ severity, persona }) => `${severity} ${persona}`);
const TITLE = 'env: { TITLE: "${{ github.event.issue.title }}" }';

it('tells everybody when an outsider writes what cmd puts into the line', () => {
  expect(check(`{ shell: cmd, run: 'echo "%TITLE%"', ${TITLE} }`)).toHaveLength(1);
  expect(check(`{ shell: cmd, run: 'echo "%TITLE%"', ${TITLE} }`)[0]).toMatch(/ regular$/);
  expect(check(`{ shell: cmd, run: 'echo "%title%"', ${TITLE} }`)[0]).toMatch(/ regular$/);
});

it.each([
  [`{ shell: cmd, run: 'echo hello', ${TITLE} }`, ['low pedantic']],
  [`{ shell: cmd, run: 'echo %PATH%' }`, ['low pedantic']],
  [`{ shell: 'tcc -run {0}', run: 'x' }`, ['info auditor']],
  [`{ shell: 'bash -e {0}', run: 'x' }`, []],
  [`{ shell: '/bin/bash -e {0}', run: 'x' }`, []],
  [`{ shell: '\${{ matrix.shell }}', run: 'x' }`, []],
  [`{ run: 'echo "%TITLE%"', ${TITLE} }`, []],
])('judges %s', (step, found) => {
  expect(check(step)).toEqual(found);
});

it('knows the defaults of the workflow, which a step overrules', () => {
  const more = 'defaults: { run: { shell: cmd } }';
  expect(check('run: dir', { more })).toEqual(['low pedantic']);
  expect(check('{ run: dir, shell: pwsh }', { more })).toEqual([]);
});

it('leaves values of members alone', () => {
  const step = `{ shell: cmd, run: 'echo %REF%', env: { REF: "\${{ github.ref_name }}" } }`;
  expect(check(step, { on: 'push' })).toEqual(['low pedantic']);
});

it('reads a line of a megabyte at once', () => {
  const text = `on: push\njobs:\n  a:\n    steps:\n      - { shell: cmd, run: '${'%A'.repeat(500_000)}' }\n`;
  const files = [{ file: '.github/workflows/a.yml', text }];
  const started = threadMs();
  scanRepository({ root: '', files }, { rules: [rule], asOfMs: TEST_DAY_MS });
  expect(threadMs() - started).toBeLessThan(3_000);
});
