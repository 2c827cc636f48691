import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clones, git, injection } from './testing/clones.ts';

// Each scan starts threads that load all rules; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 });

let clones: Clones;
beforeEach(() => {
  clones = new Clones();
});
afterEach(() => clones.remove());

const WORKFLOW = '.github/workflows/ci.yml';
const QUIET = 'on: push\npermissions: {}\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n';
const reportOf = (name: string): string =>
  readFileSync(path.join(clones.output, 'repositories', `${name}.json`), 'utf8');

describe('a folder of clones', () => {
  it('finds the same in a mirror as in the files', async () => {
    const files = {
      [WORKFLOW]: injection(),
      '.vouchgate.yml': 'version: 1\nscan:\n  owners: { .: team-a }\n',
    };
    clones.write('acme/files', files);
    clones.mirror('acme/mirror', files);
    const { records } = await clones.scan();
    expect(records.map(({ name, bySeverity, byOwner }) => [name, bySeverity, byOwner])).toEqual([
      ['acme/files', { high: 1 }, { 'team-a': 1 }],
      ['acme/mirror', { high: 1 }, { 'team-a': 1 }],
    ]);
    expect(JSON.parse(reportOf('acme/mirror')).findings).toEqual(JSON.parse(reportOf('acme/files')).findings);
  });

  it('reads what a configuration of GitLab includes from a mirror, too', async () => {
    const files = {
      '.gitlab-ci.yml': 'include: { local: /ci/more.yml }\n',
      'ci/more.yml': 'a: { script: [make] }\n',
    };
    clones.mirror('acme/mirror', files);
    expect((await clones.scan()).records[0]?.files).toBe(2);
  });

  it('runs nothing that a repository configures, and fetches nothing that it lacks', async () => {
    const folder = clones.mirror('acme/evil', { [WORKFLOW]: injection() });
    const proof = path.join(clones.top, 'ran');
    git(folder, 'config', 'core.fsmonitor', `touch ${proof}`);
    git(folder, 'config', 'core.pager', `touch ${proof}`);
    git(folder, 'config', 'extensions.partialClone', 'origin');
    git(folder, 'config', 'remote.origin.url', `ext::touch ${proof}`);
    git(folder, 'config', 'protocol.allow', 'always');
    rmSync(path.join(folder, 'objects'), { recursive: true });
    mkdirSync(path.join(folder, 'objects'));
    const { records } = await clones.scan();
    expect(records[0]).toMatchObject({ outcome: 'failed', files: 0 });
    expect(existsSync(proof)).toBe(false);
  });

  it('ends each hostile repository in a record, and goes on', async () => {
    clones.write('a/good', { [WORKFLOW]: injection() });
    clones.write('b/huge', { [WORKFLOW]: '' });
    truncateSync(path.join(clones.top, 'b/huge', WORKFLOW), 2 ** 32);
    mkdirSync(path.join(clones.top, 'c/broken.git/objects'), { recursive: true });
    writeFileSync(path.join(clones.top, 'c/broken.git/HEAD'), 'ref: ../../../etc/passwd\n');
    symlinkSync('/', path.join(clones.top, 'd'));
    clones.write('e/settings', { [WORKFLOW]: QUIET, '.vouchgate.yml': 'version: 7\n' });
    const { records } = await clones.scan();
    expect(records.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['a/good', 'scanned'],
      ['b/huge', 'failed'],
      ['c/broken', 'failed'],
      ['d', 'failed'],
      ['e/settings', 'failed'],
    ]);
    expect(
      records.every(({ outcome, reasons }) => outcome === 'scanned' || (reasons[0]?.length ?? 0) > 0),
    ).toBe(true);
  });

  it('follows no link out of a mirror', async () => {
    const source = clones.write('../outside', { 'secret.yml': injection() });
    const folder = clones.write(`../${path.basename(clones.top)}-source/l`, { 'x.txt': '' });
    mkdirSync(path.join(folder, '.github/workflows'), { recursive: true });
    symlinkSync(path.join(source, 'secret.yml'), path.join(folder, WORKFLOW));
    clones.mirror('l', {});
    rmSync(source, { recursive: true });
    expect((await clones.scan()).records[0]).toMatchObject({ outcome: 'empty', files: 0 });
  });
});

describe('a second run', () => {
  it('looks only at what changed, and says the same', async () => {
    clones.write('a/one', { [WORKFLOW]: injection() });
    clones.mirror('a/two', { [WORKFLOW]: injection() });
    const first = await clones.scan();
    const again = await clones.scan();
    expect([first.judged, again.judged]).toEqual([2, 0]);
    expect(again.records).toEqual(first.records);
    appendFileSync(path.join(clones.top, 'a/one', WORKFLOW), '      - run: make\n');
    expect((await clones.scan()).judged).toBe(1);
  });

  it('looks again when settings, rules or the day are others', async () => {
    clones.write('a/one', { [WORKFLOW]: injection() });
    await clones.scan();
    expect((await clones.scan({ asOfMs: Date.parse('2026-11-02') })).judged).toBe(1);
    expect((await clones.scan({ asOfMs: Date.parse('2026-11-02'), persona: 'auditor' })).judged).toBe(1);
    clones.write('a/one', { '.vouchgate.yml': 'version: 1\nscan: { minimumConfidence: high }\n' });
    expect((await clones.scan({ asOfMs: Date.parse('2026-11-02'), persona: 'auditor' })).judged).toBe(1);
  });

  it('goes on where a killed run stopped, whatever its last line looks like', async () => {
    clones.write('a/one', { [WORKFLOW]: injection() });
    clones.write('a/two', { [WORKFLOW]: injection() });
    const { records } = await clones.scan();
    const state = path.join(clones.output, 'state.jsonl');
    writeFileSync(state, `${JSON.stringify(records[0])}\n${JSON.stringify(records[1]).slice(0, 100)}`);
    const resumed = await clones.scan();
    expect(resumed.judged).toBe(1);
    expect(resumed.records).toEqual(records);
  });

  it('starts no thread when the file system says that nothing is new, and one for what is', async () => {
    clones.write('a/files', { [WORKFLOW]: injection() });
    clones.mirror('a/mirror', { [WORKFLOW]: injection() });
    const settleMs = -60_000;
    const first = await clones.scan({ settleMs });
    const none = new URL('data:text/javascript,process.exit(1)');
    const again = await clones.scan({ settleMs, workerUrl: none });
    expect(again.judged).toBe(0);
    expect(again.records).toEqual(first.records);
    appendFileSync(path.join(clones.top, 'a/files', WORKFLOW), '      - run: make\n');
    const third = await clones.scan({ settleMs, workerUrl: none });
    expect(third.records.map(({ outcome }) => outcome)).toEqual(['failed', 'scanned']);
    expect((await clones.scan({ settleMs })).records.map(({ outcome }) => outcome)).toEqual([
      'scanned',
      'scanned',
    ]);
  });

  it('trusts no marks of another content, and none that are broken', async () => {
    clones.write('a/one', { [WORKFLOW]: injection() });
    const settleMs = -60_000;
    await clones.scan({ settleMs });
    const marks = path.join(clones.output, 'marks.jsonl');
    const kept = readFileSync(marks, 'utf8');
    const none = new URL('data:text/javascript,process.exit(1)');
    for (const broken of [
      kept.replace(/"key":"./, '"key":"x'),
      kept.slice(0, 50),
      '{"name":"a/one"}\n',
      '[]',
    ]) {
      writeFileSync(marks, broken);
      const { records } = await clones.scan({ settleMs, workerUrl: none });
      expect(records.map(({ outcome }) => outcome)).toEqual(['failed']);
      expect((await clones.scan({ settleMs })).records.map(({ outcome }) => outcome)).toEqual(['scanned']);
    }
  });

  it('does again whose report is gone, and removes the report of what is gone', async () => {
    clones.write('a/one', { [WORKFLOW]: injection() });
    clones.write('a/two', { [WORKFLOW]: injection() });
    await clones.scan();
    rmSync(path.join(clones.output, 'repositories/a/one.json'));
    rmSync(path.join(clones.top, 'a/two'), { recursive: true });
    expect((await clones.scan()).judged).toBe(1);
    expect(reportOf('a/one')).toContain('template-injection');
    expect(existsSync(path.join(clones.output, 'repositories/a/two.json'))).toBe(false);
  });
});

describe('threads', () => {
  const crash = (body: string) => new URL(`data:text/javascript,${encodeURIComponent(body)}`);
  const ANSWER = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ index, entry }) => {
      if (entry.name === 'a/bad') BAD;
      parentPort.postMessage({ index, record: { ...entry, outcome: 'empty', reasons: [], links: { calls: [], secrets: [], pushes: [], pulls: [], runners: [] }, bySeverity: {}, byRule: {}, byOwner: {}, worst: [], key: 'k', crossKey: '', files: 0, attacks: 0, suppressed: 0 } });
    });`;

  it.each([
    ['process.exit(1)', 'ended'],
    ['for (;;);', 'longer than 0.5 s'],
  ])('one repository that makes a thread do %s costs only itself', async (bad, reason) => {
    for (const name of ['a/bad', 'a/one', 'a/two']) clones.write(name, { [WORKFLOW]: QUIET });
    const workerUrl = crash(ANSWER.replace('BAD', bad));
    const { records } = await clones.scan({ workerUrl, timeoutMs: 500 });
    expect(records.map(({ outcome }) => outcome)).toEqual(['failed', 'empty', 'empty']);
    expect(records[0]?.reasons[0]).toContain(reason);
  });

  it('says the same with one thread and with three', async () => {
    for (let index = 0; index < 8; index += 1)
      clones.write(`a/r${index}`, { [WORKFLOW]: injection(`github.event.issue.body || ${index}`) });
    const one = await clones.scan({ outputFolder: undefined });
    const three = await clones.scan({ outputFolder: undefined, threads: 3 });
    expect(three.records).toEqual(one.records);
  });
});
