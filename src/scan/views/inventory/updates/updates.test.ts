import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanFiles, TEST_DAY_MS } from '../../../testing/scan-text.ts';
import { splitFixture } from '../../../testing/fixture.ts';
import { writeTerminalOf } from '../testing/show.ts';
import { view } from '../view.ts';
import type { Update } from './update.ts';

interface Result {
  readonly updates: readonly Update[];
  readonly patches: readonly { readonly file: string; readonly text: string }[];
  readonly parties: readonly {
    readonly name: string;
    readonly marks: readonly { readonly kind: string }[];
  }[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'updates-'));
const osv = path.join(folder, 'osv');
const mirror = path.join(folder, 'mirror');
let commits: Readonly<Record<string, string>>;
afterAll(() => rmSync(folder, { recursive: true }));

function advisory(id: string, ecosystem: string, name: string, ...events: Record<string, string>[]): void {
  const affected = [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }];
  writeFileSync(path.join(osv, `${id}.json`), JSON.stringify({ id, summary: 'a hole', affected }));
}

beforeAll(() => {
  mkdirSync(osv);
  advisory('GHSA-1', 'GitHub Actions', 'Acme/Setup', { introduced: '0' }, { fixed: '2.1.0' });
  advisory('GHSA-2', 'GitHub Actions', 'acme/setup', { introduced: '2.1.0' }, { fixed: '2.1.4' });
  advisory('GHSA-3', 'GitHub Actions', 'acme/never', { introduced: '0' });
  advisory('GHSA-4', 'npm', 'typescript', { introduced: '0' }, { fixed: '5.4.2' });
  advisory('GHSA-5', 'PyPI', 'black', { introduced: '0' }, { fixed: '24.3.0' });
  advisory('GHSA-6', 'Go', 'github.com/acme/tool', { introduced: '0' }, { fixed: '1.2.0' });
  const own = path.join(mirror, 'acme/setup');
  mkdirSync(own, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', own, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  commits = Object.fromEntries(
    ['v1.0.0', 'v2.1.0', 'v2.1.4'].map((tag) => {
      git('commit', '-q', '--allow-empty', '-m', tag);
      git('tag', tag);
      return [tag, git('rev-parse', 'HEAD')];
    }),
  );
});

function build(text: string, inputs: Record<string, string> = { osv }): Result {
  return view.build({
    repositories: [{ prefix: '', root: '', scan: scanFiles(splitFixture(text)) }],
    asOfMs: TEST_DAY_MS,
    inputs,
  }) as Result;
}
const steps = (...lines: string[]) =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${lines.map((line) => `      - ${line}\n`).join('')}`;
const stepsOf = ({ patches }: Result) =>
  patches[0]?.text
    .split('\n')
    .filter((line) => line.startsWith('      - '))
    .map((line) => line.slice(8)) ?? [];

it('moves a tag to the smallest version without any hole, and the result is silent', () => {
  const result = build(steps('uses: Acme/Setup@v2.0.1', 'uses: acme/setup/sub@v1 # ours'));
  expect(result.updates).toMatchObject([
    { name: 'acme/setup', from: 'v2.0.1', to: 'v2.1.4', closes: ['GHSA-1'], todo: undefined },
    { name: 'acme/setup/sub', from: 'v1', to: 'v2', closes: ['GHSA-1'], todo: undefined },
  ]);
  expect(stepsOf(result)).toEqual(['uses: Acme/Setup@v2.1.4', 'uses: acme/setup/sub@v2 # ours']);
  const again = build(result.patches[0]?.text ?? '');
  expect(again.parties.flatMap(({ marks }) => marks)).toEqual([]);
  expect(again.updates).toEqual([]);
});

it('our own table knows ways out, too', () => {
  const result = build(steps('uses: tj-actions/branch-names@v8.0.1'), {});
  expect(result.updates[0]).toMatchObject({ to: 'v9', todo: undefined });
  expect(result.updates[0]?.closes).toHaveLength(1);
  expect(build(result.patches[0]?.text ?? '', {}).parties[0]?.marks).toEqual([]);
});

it('a commit moves to the commit of the mended tag, and its comment with it', () => {
  const line = `uses: acme/setup@${commits['v1.0.0']} # v1.0.0, for now`;
  const result = build(steps(line), { osv, mirror });
  expect(stepsOf(result)).toEqual([`uses: acme/setup@${commits['v2.1.4']} # v2.1.4, for now`]);
  expect(result.updates[0]).toMatchObject({ to: 'v2.1.4', commit: commits['v2.1.4'] });
});

it('the mirror knows what a commit is, whatever the comment behind it says', () => {
  const bare = build(steps(`uses: acme/setup@${commits['v1.0.0']}`), { osv, mirror });
  expect(stepsOf(bare)).toEqual([`uses: acme/setup@${commits['v2.1.4']} # v2.1.4`]);
  const lying = build(steps(`uses: acme/setup@${commits['v1.0.0']} # v2.1.4`), { osv, mirror });
  expect(lying.updates).toMatchObject([{ to: 'v2.1.4', closes: ['GHSA-1'] }]);
  const modest = build(steps(`uses: acme/setup@${commits['v2.1.4']} # v1.0.0`), { osv, mirror });
  expect(modest.updates).toEqual([]);
});

it('without the commit it writes nothing, and says what to look for', () => {
  const result = build(steps(`uses: acme/setup@${'c'.repeat(40)} # v1.0.0`));
  expect(result.patches).toEqual([]);
  expect(result.updates[0]).toMatchObject({ to: 'v2.1.4', commit: undefined });
  expect(result.updates[0]?.todo).toContain('find the commit of tag v2.1.4 of acme/setup');
  expect(writeTerminalOf(view, result)).toContain('By hand: find the commit');
});

it('a tag that the mirror does not have is not made up', () => {
  expect(build(steps('uses: acme/setup@v1'), { osv, mirror }).patches[0]?.text).toContain(
    `acme/setup@${commits['v2.1.4']}`,
  );
  execFileSync('git', ['-C', path.join(mirror, 'acme/setup'), 'tag', '-d', 'v2.1.4']);
  const result = build(steps('uses: acme/setup@v2.0.1'), { osv, mirror });
  expect(result.updates[0]?.todo).toContain('the mirror has no tag v2.1.4');
  execFileSync('git', ['-C', path.join(mirror, 'acme/setup'), 'tag', 'v2.1.4', commits['v2.1.4'] ?? '']);
});

it('moves versions of tools in commands, as they were written', () => {
  const result = build(
    steps(
      'run: npm i -g typescript@5.4.0 eslint',
      'run: pip install "black==24.1.0"',
      'run: go install github.com/acme/tool/cmd/x@v1.1.0',
    ),
  );
  expect(stepsOf(result)).toEqual([
    'run: npm i -g typescript@5.4.2 eslint',
    'run: pip install "black==24.3.0"',
    'run: go install github.com/acme/tool/cmd/x@v1.2.0',
  ]);
  expect(build(result.patches[0]?.text ?? '').updates).toEqual([]);
});

it('leaves alone what it cannot write for certain, and says so', () => {
  const result = build(steps('uses: acme/never@v1.2.3', 'run: npm i -g typescript@5.4.0 other@5.4.0'));
  expect(result.patches).toEqual([]);
  expect(result.updates.map(({ to, todo }) => [to, todo?.slice(0, 20)])).toEqual([
    [undefined, 'no version is known '],
    ['5.4.2', 'write npm:typescript'],
  ]);
});

it('does not go to a version that an attacker moved, though it mends the hole', () => {
  const result = build(steps('uses: tj-actions/changed-files@v40'), {});
  expect(result.updates).toMatchObject([{ to: 'v46', todo: undefined }]);
  expect(result.updates[0]?.closes).toHaveLength(2);
  expect(build(result.patches[0]?.text ?? '', {}).parties[0]?.marks).toEqual([]);
});

it('leaves what an advisory calls malware, without a version that is free of it', () => {
  const malware = path.join(folder, 'malware');
  mkdirSync(malware);
  const affected = [{ package: { ecosystem: 'npm', name: 'evil' }, versions: ['1.0.0'] }];
  writeFileSync(path.join(malware, 'MAL-1.json'), JSON.stringify({ id: 'MAL-1', affected }));
  const { updates, patches } = build(steps('run: npx evil@1.0.0'), { osv: malware });
  expect(updates).toMatchObject([{ to: undefined, closes: ['MAL-1'] }]);
  expect(patches).toEqual([]);
});

it('a hundred uses in one file are one patch', () => {
  const result = build(steps(...Array.from({ length: 100 }, () => 'uses: acme/setup@v1.0.0')));
  expect(result.patches).toHaveLength(1);
  expect(new Set(stepsOf(result))).toEqual(new Set(['uses: acme/setup@v2.1.4']));
});
