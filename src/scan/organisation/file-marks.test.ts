import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAsMarked } from './file-marks.ts';
import { type LoadedRepository, loadRepository } from './load-repository.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-marks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WORKFLOW = '.github/workflows/ci.yml';
const AZURE = 'azure-pipelines.yml';
const QUIET = 'on: push\njobs: { a: { runs-on: x, steps: [{ run: make }] } }\n';
/** Longer than a tick of the clock that file systems have. */
const TICK_MS = 25;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

async function load(settledBeforeMs = Number.POSITIVE_INFINITY): Promise<LoadedRepository> {
  const git = { searchPath: undefined, timeoutMs: 1_000 };
  return await loadRepository({ kind: 'work-tree', folder }, tmpdir(), git, { settledBeforeMs });
}

/** What a repository has in which nothing is left out. */
function writeEverything(): void {
  write(WORKFLOW, QUIET);
  write('.gitlab-ci.yml', 'include: { local: /ci/more.yml }\n');
  write('ci/more.yml', 'a: { script: [make] }\n');
  write(AZURE, 'steps: [{ template: build/steps.yml }]\n');
  write('build/steps.yml', 'steps: [{ script: make }]\n');
  write('deploy/values.yaml', 'a: 1\n');
  write('.github/workflows/actions.lock', '{}\n');
  write('Jenkinsfile', 'pipeline { agent any }\n');
  write('infra/main.tf', 'variable "a" {}\n');
  write('src/readme.txt', 'x\n');
}

describe('marks', () => {
  it('hold as long as nothing changes, and say so without a look into a file', async () => {
    writeEverything();
    const { marks } = await load();
    expect(marks?.paths).toContain('build/steps.yml');
    expect(marks?.paths).not.toContain('src/readme.txt');
    expect(marks && isAsMarked(folder, marks)).toBe(true);
  });

  const rewrite = (file: string, from: string, to: string) => (): void => {
    const before = statSync(path.join(folder, file));
    write(file, readFileSync(path.join(folder, file), 'utf8').replace(from, to));
    // Whoever wants to hide a change sets the time back.
    utimesSync(path.join(folder, file), before.atime, before.mtime);
    expect(statSync(path.join(folder, file)).size).toBe(before.size);
  };

  it.each<readonly [string, () => void]>([
    ['a workflow, as long as before and with its old time', rewrite(WORKFLOW, 'make', 'evil')],
    ['what a configuration of GitLab includes', rewrite('ci/more.yml', 'make', 'evil')],
    ['a template of Azure Pipelines', rewrite('build/steps.yml', 'make', 'evil')],
    ['the lock of actions', rewrite('.github/workflows/actions.lock', '{}', '[]')],
    ['a file of another platform', rewrite('Jenkinsfile', 'any', 'all')],
    ['a file of Terraform', rewrite('infra/main.tf', '"a"', '"b"')],
    ['a file that may become a manifest', rewrite('deploy/values.yaml', 'a: 1', 'b: 1')],
    ['a new workflow', () => write('.github/workflows/new.yml', QUIET)],
    ['a new folder with a definition', () => write('sub/.github/workflows/new.yml', QUIET)],
    ['a definition in a folder that had none', () => write('src/azure-pipelines.yml', 'steps: []\n')],
    ['settings', () => write('.vouchgate.yml', 'version: 1\n')],
    ['settings of zizmor', () => write('zizmor.yml', 'rules: {}\n')],
    ['a workflow that is gone', () => rmSync(path.join(folder, WORKFLOW))],
    [
      'another name',
      () => renameSync(path.join(folder, WORKFLOW), path.join(folder, '.github/workflows/x.yml')),
    ],
    ['a folder that is gone', () => rmSync(path.join(folder, 'ci'), { recursive: true })],
    ['other rights', () => chmodSync(path.join(folder, WORKFLOW), 0o600)],
    [
      'a link in place of a file',
      () => {
        rmSync(path.join(folder, AZURE));
        symlinkSync('build/steps.yml', path.join(folder, AZURE));
      },
    ],
    [
      'a folder that is left out, in which an included file may lie',
      () => write('vendor/ci/more.yml', 'a: 1\n'),
    ],
  ])('do not hold for %s', async (_what, change) => {
    writeEverything();
    const { marks } = await load();
    await sleep(TICK_MS);
    change();
    expect(marks && isAsMarked(folder, marks)).toBe(false);
  });

  it('are not taken of what may be changing still', async () => {
    write(WORKFLOW, QUIET);
    expect((await load(statSync(path.join(folder, WORKFLOW)).ctimeMs)).marks).toBeUndefined();
  });

  it('are not taken where a named file may lie in a folder that is left out', async () => {
    write('.gitlab-ci.yml', 'a: { script: [make] }\n');
    write('vendor/ci.yml', 'a: { script: [make] }\n');
    expect((await load()).marks).toBeDefined();
    write('.gitlab-ci.yml', 'include: { local: /vendor/ci.yml }\n');
    expect((await load()).marks).toBeUndefined();
    rmSync(path.join(folder, '.gitlab-ci.yml'));
    write(AZURE, 'steps: [{ template: vendor/ci.yml }]\n');
    expect((await load()).marks).toBeUndefined();
  });

  it.each(['extends: base.txt', String.raw`"ext\x65nds": base.txt`])(
    'are not taken where settings are made of others: %s',
    async (line) => {
      write(WORKFLOW, QUIET);
      write('base.txt', 'version: 1\n');
      write('.vouchgate.yml', `version: 1\n${line}\n`);
      expect((await load()).marks).toBeUndefined();
    },
  );

  it('are not taken of more folders than it is worth, nor of a folder with none', async () => {
    for (let index = 0; index < 4_001; index += 1) mkdirSync(path.join(folder, `f${index}`));
    expect((await load()).marks).toBeUndefined();
  });

  it('are never those of a folder that is gone', async () => {
    write(WORKFLOW, QUIET);
    const { marks } = await load();
    rmSync(folder, { recursive: true });
    expect(marks && isAsMarked(folder, marks)).toBe(false);
  });
});

describe('the key of the content', () => {
  it.each([
    ['what a configuration of GitLab includes', 'ci/more.yml'],
    ['a template of Azure Pipelines', 'build/steps.yml'],
  ])('is another when %s changes, or comes to be there', async (_what, file) => {
    writeEverything();
    const first = await load();
    write(file, readFileSync(path.join(folder, file), 'utf8').replace('make', 'evil'));
    const second = await load();
    rmSync(path.join(folder, file));
    const third = await load();
    expect(new Set([first, second, third].map(({ contentKey }) => contentKey)).size).toBe(3);
  });
});
