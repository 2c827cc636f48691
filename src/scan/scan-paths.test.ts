import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discover } from './discover.ts';
import type { Rule } from './rule.ts';
import { rule } from './rules/unpinned-action/rule.ts';
import { scanPaths } from './scan-paths.ts';
import { findingsOf, scanFiles, TEST_DAY_MS } from './testing/scan-text.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-scan-'));
});
afterEach(() => rmSync(top, { recursive: true }));

function write(file: string, text: string): string {
  const absolute = join(top, file);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

const WORKFLOW = 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: o/r@v1\n';
/** One rule, so that the next one changes nothing here. */
const rules = [rule];
const scan = (...paths: string[]) => scanPaths(paths, { rules, asOfMs: TEST_DAY_MS });

describe('what is looked at', () => {
  it('is what platforms read, and not what others left in the tree', () => {
    write('.github/workflows/a.yml', WORKFLOW);
    write('.github/workflows/notes.md', '');
    write('.github/dependabot.yml', 'version: 2');
    write('tools/act/action.yaml', 'runs: {}');
    write('node_modules/x/action.yml', 'runs: {}');
    write('src/values.yml', 'a: 1');
    expect(discover([top]).files.map(({ file }) => file)).toEqual([
      '.github/dependabot.yml',
      '.github/workflows/a.yml',
      'tools/act/action.yaml',
    ]);
  });

  it('belongs to the repository around it', () => {
    write('one/.github/workflows/a.yml', WORKFLOW);
    write('two/.git/HEAD', '');
    write('two/act/action.yml', 'runs: {}');
    const { files } = discover([top]);
    expect(files.map(({ root, file }) => [root.slice(top.length), file])).toEqual([
      ['/one', '.github/workflows/a.yml'],
      ['/two', 'act/action.yml'],
    ]);
  });

  it('is each file once, and no link that leads around in a circle', () => {
    const file = write('.github/workflows/a.yml', WORKFLOW);
    symlinkSync(top, join(top, 'loop'));
    expect(discover([top, file, top]).files).toHaveLength(1);
  });

  it('has a limit that is said', () => {
    for (let index = 0; index < 20; index += 1) write(`d${index}/x`, '');
    const { problems } = discover([top], { entriesMax: 10, depthMax: 40 });
    expect(problems[0]?.message).toContain('the rest was not looked at');
  });

  it('is named when it is not there', () => {
    expect(discover([join(top, 'none')]).problems).toMatchObject([
      { message: 'there is no such file or folder' },
    ]);
  });

  it('can be a file anywhere, by what is in it', () => {
    const [repository] = scan(write('elsewhere/pipeline.yml', WORKFLOW)).repositories;
    expect(repository?.findings.map(({ ruleId }) => ruleId)).toEqual(['unpinned-action']);
  });
});

describe('the settings of a repository', () => {
  const ofRule = (settings: string) => {
    write('.github/workflows/a.yml', WORKFLOW);
    write('.vouchgate.yml', `version: 1\nscan:\n${settings}`);
    return scan(top).repositories[0]?.findings ?? [];
  };

  it('switch rules off, set severities, exclude files and waive', () => {
    expect(ofRule('  rules: { unpinned-action: { enabled: false } }\n')).toEqual([]);
    expect(ofRule('  rules: { unpinned-action: { severity: info } }\n')).toMatchObject([
      { severity: 'info' },
    ]);
    expect(ofRule('  exclude: [".github/workflows/a.*"]\n')).toEqual([]);
    const waiver =
      '  waivers: [{ rule: unpinned-action, owner: me, reason: because, expires: "2027-01-01" }]\n';
    expect(ofRule(waiver)).toMatchObject([{ suppression: { kind: 'waiver', owner: 'me' } }]);
  });

  it('with a mistake stop the scan, with the line', () => {
    expect(() => ofRule('  wavers: []\n')).toThrow(/\.vouchgate\.yml:3:\d+: Unknown key/);
  });
});

describe('settings of our own and of others', () => {
  const first = () => scan(top).repositories[0]?.findings[0];
  beforeEach(() => void write('.github/workflows/a.yml', WORKFLOW));

  it('extend files of the repository, and what is nearer wins', () => {
    write(
      'ci/base.yml',
      'version: 1\nscan: { rules: { unpinned-action: { severity: info } }, owners: { .: all } }\n',
    );
    write(
      '.vouchgate.yml',
      'version: 1\nextends: ci/base.yml\nscan: { owners: { .github/workflows/: build } }\n',
    );
    expect(first()).toMatchObject({ severity: 'info', owner: 'build' });
    write('.vouchgate.yml', 'version: 1\nextends: [ci/base.yml]\nscan: { owners: { .git: nobody } }\n');
    expect(first()).toMatchObject({ owner: 'all' });
  });

  it('do not lead around in a circle, nor out of the repository', () => {
    write('.vouchgate.yml', 'version: 1\nextends: ci/base.yml\n');
    write('ci/base.yml', 'version: 1\nextends: ../.vouchgate.yml\n');
    expect(first).toThrow(/go around in a circle/);
    for (const outside of ['../x.yml', '/etc/hostname', 'link.yml']) {
      write('.vouchgate.yml', `version: 1\nextends: ${outside}\n`);
      if (outside === 'link.yml') symlinkSync('/etc/hostname', join(top, 'link.yml'));
      expect(first).toThrow(/outside of the repository/);
    }
    write('.vouchgate.yml', 'version: 1\nextends: none.yml\n');
    expect(first).toThrow(/no file none\.yml/);
    rmSync(join(top, '.vouchgate.yml'));
    symlinkSync('/dev/zero', join(top, '.vouchgate.yml'));
    expect(first).toThrow(/not a plain file/);
  });

  it('leave out what is not sure enough', () => {
    write('.vouchgate.yml', 'version: 1\nscan: { minimumConfidence: high }\n');
    expect(first()?.confidence).toBe('high');
  });

  it.each([
    ['rules: { unpinned-uses: { ignore: [a.yml] } }', true],
    ['rules: { unpinned-uses: { ignore: ["a.yml:7"] } }', true],
    ['rules: { unpinned-uses: { ignore: ["a.yml:7:15", "b.yml"] } }', true],
    ['rules: { unpinned-uses: { ignore: ["a.yml:8"] } }', false],
    ['rules: { other: { ignore: [a.yml] } }', false],
    ['rules: { unpinned-uses: { config: { policies: { "*": hash-pin, "o/*": ref-pin } } } }', true],
    ['rules: { unpinned-uses: { config: { policies: { "*": any, "O/r": hash-pin } } } }', false],
    ['rules: { unpinned-uses: { config: { policies: { "o/r/*": any } } } }', true],
    ['rules:\n', false],
  ])('zizmor.yml with %s', (text, stands) => {
    write('.github/zizmor.yml', text);
    expect(first()?.suppression?.kind).toBe(stands ? 'waiver' : undefined);
  });

  it('of another tool switch a rule off, unless ours say otherwise', () => {
    write('zizmor.yml', 'rules: { unpinned-uses: { disable: true } }');
    expect(first()).toBeUndefined();
    write('.vouchgate.yml', 'version: 1\nscan: { rules: { unpinned-action: { enabled: true } } }\n');
    expect(first()).toBeDefined();
  });

  it('of another tool that cannot be read waive nothing, which is said', () => {
    write('zizmor.yml', 'rules: [');
    expect(scan(top).repositories[0]?.problems[0]?.message).toContain('not heeded');
    expect(first()?.suppression).toBeUndefined();
    rmSync(join(top, 'zizmor.yml'));
    symlinkSync('/dev/zero', join(top, 'zizmor.yml'));
    expect(scan(top).repositories[0]?.problems[0]?.message).toContain('not a plain file');
  });
});

describe('an ignore comment', () => {
  const at = (comment: string, rest = '') =>
    findingsOf('unpinned-action', WORKFLOW.replace('o/r@v1', `o/r@v1${comment}${rest}`)).map(
      ({ suppression }) => suppression,
    );

  it('lets a finding of its line stand, with the reason', () => {
    expect(at(' # vouchgate: ignore[unpinned-action] we own it')).toEqual([
      { kind: 'inline', justification: 'we own it' },
    ]);
    expect(at(' # zizmor: ignore[unpinned-uses]')).toMatchObject([{ kind: 'inline' }]);
    expect(at(' # vouchgate: ignore[other]')).toEqual([undefined]);
  });

  it('works alone on the line above', () => {
    const text = WORKFLOW.replace('      - uses', '      # vouchgate: ignore[unpinned-action]\n      - uses');
    expect(findingsOf('unpinned-action', text)[0]?.suppression).toBeDefined();
  });

  it('inside of a script is text, which an outsider may have written', () => {
    const text =
      'on: issues\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: |\n          echo ${{ github.event.issue.title }} # vouchgate: ignore[template-injection]\n';
    expect(findingsOf('template-injection', text)[0]?.suppression).toBeUndefined();
  });
});

it('a rule that fails is a record, and the others go on', () => {
  const failing = {
    ...rule,
    id: 'failing',
    pipeline: () => {
      throw new Error('oh');
    },
  } as unknown as Rule;
  write('.github/workflows/a.yml', WORKFLOW);
  const [repository] = scanPaths([top], { rules: [failing, ...rules], asOfMs: TEST_DAY_MS }).repositories;
  expect(repository?.problems).toMatchObject([
    { message: 'the rule failing failed here (oh); please report it', partial: true },
  ]);
  expect(repository?.findings).toHaveLength(1);
});

it('a file that cannot be parsed is a record with its place', () => {
  expect(scanFiles([{ file: '.github/workflows/a.yml', text: 'a:\n  - b\n c: [' }]).problems).toMatchObject([
    { line: expect.any(Number), partial: false },
  ]);
});

it('the same files give the same findings in the same order', () => {
  const files = ['b', 'a', 'c'].map((name) => ({ file: `.github/workflows/${name}.yml`, text: WORKFLOW }));
  const order = scanFiles(files).findings.map(({ fingerprint }) => fingerprint);
  expect(scanFiles(files).findings.map(({ fingerprint }) => fingerprint)).toEqual(order);
});
