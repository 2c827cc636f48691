import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from './rule.ts';
import { rule as forbidden } from './rules/forbidden-action/rule.ts';
import { rule as persisted } from './rules/persisted-credentials/rule.ts';
import { scanPaths } from './scan-paths.ts';
import { findingsOf, TEST_DAY_MS } from './testing/scan-text.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-zizmor-'));
});
afterEach(() => rmSync(top, { recursive: true }));

function write(file: string, text: string): void {
  const absolute = join(top, file);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}

const WORKFLOW = `on: push
permissions: {}
jobs:
  a:
    steps:
      - name: fetch
        uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with:
          path: x
`;

/** `line severity`, with `-` in front of what stands. */
function found(rule: Rule, settings: string): string[] {
  write('.github/workflows/a.yml', WORKFLOW);
  write('zizmor.yml', settings);
  const [repository] = scanPaths([top], { rules: [rule], asOfMs: TEST_DAY_MS }).repositories;
  return (repository?.findings ?? []).map(
    ({ locations: [{ start }], severity, suppression }) =>
      `${suppression === undefined ? '' : '-'}${start.line} ${severity}`,
  );
}

describe('an entry of `ignore`', () => {
  const check = (entry: string) =>
    found(persisted, `rules: { artipacked: { ignore: ["${entry}"] } }`).map((each) => each.split(' ')[0]);

  it.each([
    ['a.yml', ['-7', '-8']],
    ['a.yml:7', ['-7', '8']],
    ['a.yml:8:15', ['7', '-8']],
    // The beginning of the step, which is where that tool points.
    ['a.yml:6:9', ['-7', '8']],
    ['a.yml:8:9', ['7', '-8']],
    ['a.yml:10', ['7', '-8']],
    ['a.yml:4', ['7', '8']],
    ['b.yml:7', ['7', '8']],
  ])('%s', (entry, lines) => {
    expect(check(entry)).toEqual(lines);
  });
});

it('severities are set anew with `remap`, where our own settings say nothing', () => {
  const remap = (severity: string) => `rules: { artipacked: { remap: { severity: ${severity} } } }`;
  expect(found(persisted, remap('informational'))).toEqual(['7 info', '8 info']);
  expect(found(persisted, remap('high'))).toEqual(['7 high', '8 high']);
  write('.vouchgate.yml', 'version: 1\nscan: { rules: { persisted-credentials: { severity: low } } }\n');
  expect(found(persisted, remap('high'))).toEqual(['7 low', '8 low']);
});

describe('the lists of forbidden-uses', () => {
  it('are those of our own rule', () => {
    const check = (config: string) => found(forbidden, `rules: { forbidden-uses: { config: ${config} } }`);
    expect(check('{ deny: ["actions/*"] }')).toEqual(['7 high', '8 high']);
    expect(check('{ allow: ["actions/checkout"] }')).toEqual([]);
    expect(check('{ allow: ["other/*"] }')).toHaveLength(2);
    expect(check('{}')).toEqual([]);
  });

  it('count for nothing where our own settings have some', () => {
    write(
      '.vouchgate.yml',
      'version: 1\nscan: { rules: { forbidden-action: { settings: { deny: ["o/*"] } } } }\n',
    );
    expect(found(forbidden, 'rules: { forbidden-uses: { config: { deny: ["*"] } } }')).toEqual([]);
  });
});

describe('settings of our own for a rule', () => {
  it.each([
    ['forbidden-action', '{ deny: [1] }'],
    ['persisted-credentials', '{ a: 1 }'],
  ])('that %s does not understand stop the scan', (id, settings) => {
    write('.vouchgate.yml', `version: 1\nscan: { rules: { ${id}: { settings: ${settings} } } }\n`);
    const rule = id === forbidden.id ? forbidden : persisted;
    expect(() => found(rule, 'rules: {}')).toThrow(`scan.rules.${id}.settings: `);
  });
});

it('a comment on the first line of a step speaks for all of it', () => {
  const text = WORKFLOW.replace('name: fetch', 'name: fetch # zizmor: ignore[artipacked]');
  expect(findingsOf('persisted-credentials', text).map(({ suppression }) => suppression?.kind)).toEqual([
    'inline',
    undefined,
  ]);
});
