import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TIMEOUT_MS = 30_000;

/** Runs git with nothing of the machine's own configuration. @throws Error with what git said. */
export function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Ann',
      GIT_AUTHOR_EMAIL: 'ann@acme.example',
      GIT_COMMITTER_NAME: 'Ann',
      GIT_COMMITTER_EMAIL: 'ann@acme.example',
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** A developer's clone, and the server's bare repository that it pushes to. */
export interface GitRepository {
  /** Holds `acme/shop.git`. */
  readonly mirrorFolder: string;
  readonly bare: string;
  /** What the developer has checked out. */
  readonly work: string;
  /** Writes files (`undefined` removes one), commits and pushes; returns the hash. */
  commit(message: string, files: Readonly<Record<string, string | undefined>>, branch?: string): string;
  close(): void;
}

export function createGitRepository(name = 'acme/shop'): GitRepository {
  const home = mkdtempSync(path.join(tmpdir(), 'vouchgate-git-'));
  const mirrorFolder = path.join(home, 'mirror');
  const bare = path.join(mirrorFolder, `${name}.git`);
  const work = path.join(home, 'work');
  mkdirSync(bare, { recursive: true });
  mkdirSync(work);
  git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
  git(work, 'init', '--quiet', '--initial-branch=main');
  git(work, 'remote', 'add', 'origin', bare);
  return {
    mirrorFolder,
    bare,
    work,
    commit(message, files, branch = 'main') {
      for (const [file, text] of Object.entries(files)) {
        const target = path.join(work, file);
        mkdirSync(path.dirname(target), { recursive: true });
        if (text === undefined) rmSync(target);
        else writeFileSync(target, text);
      }
      git(work, 'add', '--all');
      git(work, 'commit', '--quiet', '--allow-empty', '-m', message);
      git(work, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
      return git(work, 'rev-parse', 'HEAD');
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
