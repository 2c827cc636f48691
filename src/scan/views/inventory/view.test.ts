import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeZip } from '#core/testing/make-zip.ts';
import { threadMs } from '#core/testing/thread-time.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import type { Party } from './party.ts';
import type { Update } from './updates/update.ts';
import { view } from './view.ts';

interface Result {
  readonly parties: readonly Party[];
  readonly osv?: { readonly advisories: number; readonly unreadable: number };
  readonly patches: readonly { readonly file: string; readonly text: string }[];
  readonly updates: readonly Update[];
  readonly github?: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'inventory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const build = (text: string, inputs: Record<string, string> = {}) =>
  view.build({
    repositories: [{ prefix: '', root: '', scan: scanFiles(splitFixture(text)) }],
    asOfMs: TEST_DAY_MS,
    inputs,
  }) as Result;
const steps = (...lines: string[]) =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${lines.map((line) => `      - ${line}\n`).join('')}`;
const names = ({ parties }: Result) => parties.map(({ kind, name }) => `${kind} ${name}`).toSorted();
const C = 'c'.repeat(40);

it('takes stock of actions, workflows, images and tools, each once', () => {
  const text = `on: push
jobs:
  call:
    uses: acme/flows/.github/workflows/ci.yml@main
  a:
    runs-on: ubuntu-24.04
    container: node:22
    services: { db: { image: "postgres@sha256:${'a'.repeat(64)}" } }
    steps:
      - uses: Acme/Setup/sub@v1
      - uses: acme/setup/sub@${C} # v1.2.3
      - uses: docker://ghcr.io/acme/tool:1
      - uses: ./local
      - run: |
          npm install -g typescript@5.4.0 eslint
          pip install --upgrade pip black==24.1.0 -r requirements.txt
          go install github.com/acme/tool/cmd/x@latest
          curl -sSL https://get.acme.example/install.sh | sh
          curl -s https://api.acme.example/status
          docker run --rm -v \${{ github.workspace }}:/src -e A=b acme/linter:2 lint
`;
  const result = build(text);
  expect(names(result)).toEqual([
    'action acme/setup/sub',
    'image acme/linter',
    'image ghcr.io/acme/tool',
    'image node',
    'image postgres',
    'tool get.acme.example/install.sh',
    'tool go:github.com/acme/tool/cmd/x',
    'tool npm:eslint',
    'tool npm:typescript',
    'tool pypi:black',
    'workflow acme/flows/.github/workflows/ci.yml',
  ]);
  const setup = result.parties.find(({ name }) => name === 'acme/setup/sub');
  expect(setup).toMatchObject({ owner: 'acme', uses: 2, impostor: 'unknown offline' });
  expect(setup?.versions.map(({ pin }) => pin).toSorted()).toEqual(['commit', 'tag']);
});

it('what can move and holds much stands above what is pinned or holds nothing', () => {
  const text = `on: push
jobs:
  pinned:
    permissions: write-all
    steps:
      - uses: acme/pinned@${C}
  poor:
    permissions: {}
    steps:
      - uses: acme/poor@v1
  rich:
    permissions: { contents: write, id-token: write }
    steps:
      - uses: acme/rich@v1
        with: { key: "\${{ secrets.AWS_SECRET_ACCESS_KEY }}" }
`;
  const { parties } = build(text);
  expect(parties.map(({ name }) => name)).toEqual(['acme/rich', 'acme/poor', 'acme/pinned']);
  expect(parties[0]?.authority).toMatchObject({
    credentials: ['AWS_SECRET_ACCESS_KEY'],
    writes: ['contents'],
    identityToken: true,
  });
});

it('what is known against them comes first, from our tables', () => {
  const { parties } = build(
    steps('uses: acme/a@main', 'uses: actions-rs/cargo@v1', 'uses: tj-actions/changed-files@v40'),
  );
  expect(parties.map(({ name, marks }) => [name, marks[0]?.kind])).toEqual([
    ['tj-actions/changed-files', expect.stringMatching(/compromised|vulnerable/)],
    ['actions-rs/cargo', 'archived'],
    ['acme/a', undefined],
  ]);
});

const advisory = (id: string, ecosystem: string, name: string, fixed: string, more = {}) =>
  JSON.stringify({
    id,
    summary: 'a hole',
    affected: [
      {
        package: { ecosystem, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    ...more,
  });

it('reads advisories from a folder, and leaves out what is none', () => {
  const osv = path.join(folder, 'osv');
  mkdirSync(path.join(osv, 'inner'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(osv, name), text);
  write('a.json', advisory('GHSA-a', 'GitHub Actions', 'Acme/Setup', '2.0.0'));
  write('inner/b.json', advisory('GHSA-b', 'npm', 'typescript', '5.4.1'));
  write(
    'c.json',
    advisory('GHSA-c', 'GitHub Actions', 'acme/setup', '9.0.0', { withdrawn: '2026-01-01T00:00:00Z' }),
  );
  write('d.json', '{ not json');
  write(
    'e.json',
    JSON.stringify({
      id: 'MAL-e',
      affected: [{ package: { ecosystem: 'PyPI', name: 'Bla_ck' }, versions: ['1.0'] }],
    }),
  );
  symlinkSync('/dev/zero', path.join(osv, 'f.json'));
  const text = steps(
    'uses: acme/setup@v1',
    'run: npm i -g typescript@5.4.0',
    'run: npm i -g eslint',
    'run: pip install bla-ck==1.0',
  );
  const { parties, osv: read } = build(text, { osv });
  expect(read).toEqual({ from: 'files', advisories: 4, unreadable: 1 });
  const marks = parties.flatMap(({ name, marks: own }) =>
    own.map(({ kind, what }) => `${name} ${kind} ${what.split(':', 1)[0]}`),
  );
  expect(marks.toSorted()).toEqual([
    'acme/setup vulnerable GHSA-a',
    'npm:typescript vulnerable GHSA-b',
    'pypi:bla-ck compromised MAL-e',
  ]);
});

it('reads the archive that OSV hands out, and refuses a damaged one', () => {
  const osv = path.join(folder, 'all.zip');
  const text = advisory('GHSA-a', 'GitHub Actions', 'acme/setup', '2.0.0');
  const archive = makeZip([
    { name: 'GHSA-a.json', data: Buffer.from(text) },
    { name: 'README', data: Buffer.from('no advisory') },
    { name: 'x.json', data: Buffer.from('{') },
  ]);
  writeFileSync(osv, archive);
  const { parties, osv: read } = build(steps('uses: acme/setup@v1'), { osv });
  expect(read).toEqual({ from: 'files', advisories: 1, unreadable: 1 });
  expect(parties.flatMap(({ marks: own }) => own.map(({ kind }) => kind))).toContain('vulnerable');
  writeFileSync(osv, archive.subarray(0, -30));
  expect(() => build(steps('uses: acme/setup@v1'), { osv })).toThrow('no intact zip archive');
});

it('a mirror tells a commit of a fork from one of the repository, and knows what to pin to', () => {
  const mirror = path.join(folder, 'mirror');
  const own = path.join(mirror, 'acme/setup');
  mkdirSync(own, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', own, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  git('tag', 'v1.0.0');
  const good = git('rev-parse', 'HEAD');
  git('checkout', '-q', '--detach');
  git('commit', '-q', '--allow-empty', '-m', 'of a fork');
  const strange = git('rev-parse', 'HEAD');
  git('checkout', '-q', 'main');
  const verdict = (commit: string) =>
    build(steps(`uses: acme/setup@${commit}`), { mirror }).parties[0]?.impostor;
  expect([verdict(good), verdict(strange), verdict(C)]).toEqual(['no', 'yes', 'unknown offline']);
  const { patches, parties } = build(steps('uses: acme/setup@v1.0.0', 'uses: other/x@v1'), { mirror });
  expect(parties[0]?.impostor).toBe('not pinned to a commit');
  expect(patches).toHaveLength(1);
  expect(patches[0]?.text).toContain(`acme/setup@${good} # v1.0.0`);
  expect(view.patches?.({ patches })).toEqual(patches);
});

it('a name that leads out of the mirror is no repository', () => {
  expect(
    build(steps(`uses: ../..@${C}`, `uses: "acme/..@${C}"`), { mirror: folder }).parties[0]?.impostor ??
      'unknown offline',
  ).toBe('unknown offline');
});

it('GitHub’s answers tell what is archived, in every form in which they are kept', () => {
  const github = path.join(folder, 'github');
  mkdirSync(github);
  const write = (name: string, value: unknown) =>
    writeFileSync(path.join(github, name), JSON.stringify(value));
  write('one.json', { full_name: 'Acme/Setup', archived: true });
  write('list.json', [{ full_name: 'acme/fine', archived: false }, { full_name: 3 }]);
  write('kept.json', { etag: '"x"', body: JSON.stringify([{ full_name: 'acme/closed', disabled: true }]) });
  writeFileSync(path.join(github, 'broken.json'), '[{');
  const { parties, github: known } = build(
    steps('uses: acme/setup@v1', 'uses: acme/fine@v1', 'uses: acme/closed@v1', 'uses: actions-rs/cargo@v1'),
    { github },
  );
  expect(known).toBe(3);
  const archived = parties.flatMap(({ name, marks }) => marks.map(({ by }) => `${name} ${by}`));
  expect(archived.toSorted()).toEqual([
    'acme/closed github',
    'acme/setup github',
    'actions-rs/cargo archived-action',
  ]);
});

it('never writes a secret of an address down', () => {
  const text = JSON.stringify(
    build(steps('run: curl -O https://me:hunter22hunter22@files.acme.example/a.tar.gz?token=hunter23')),
  );
  expect(text).toContain('files.acme.example/a.tar.gz');
  expect(text).not.toContain('hunter2');
});

it('a table of 200 parties ends, and counts the rest', () => {
  const many = Array.from({ length: 200 }, (_, index) => `uses: owner${index}/action@v1`);
  const text = JSON.stringify(view.describe(build(steps(...many))));
  expect(text).toContain('185 more that hold less');
  expect(text).toContain('200 owners');
  expect(JSON.stringify(view.describe(build(steps('run: make'))))).toContain('nothing from anybody else');
});

it('a line of a megabyte costs a moment', () => {
  const lines = [
    'npx '.repeat(250_000),
    `curl ${'https://'.repeat(120_000)}`,
    `docker run ${'-e '.repeat(300_000)}`,
    `pip install ${'a=='.repeat(250_000)}`,
  ];
  const started = threadMs();
  for (const line of lines) build(steps(`run: ${JSON.stringify(line)}`));
  expect(threadMs() - started).toBeLessThan(5_000);
});
