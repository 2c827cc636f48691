import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface GitFolder {
  /** Holds `acme/shop.git`. */
  readonly mirror: string;
  readonly bare: string;
  /** Commits exactly these files and pushes them; returns the hash. */
  commit(files: Readonly<Record<string, string>>, branch?: string): string;
  git(folder: string, ...args: string[]): string;
  close(): void;
}

/** A bare repository on this machine, with nothing of the machine's own configuration. */
export function createGitFolder(): GitFolder {
  const home = mkdtempSync(path.join(tmpdir(), 'vouchgate-source-'));
  const mirror = path.join(home, 'mirror');
  const bare = path.join(mirror, 'acme/shop.git');
  const work = path.join(home, 'work');
  const git = (folder: string, ...args: string[]): string => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
    const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...who, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  mkdirSync(bare, { recursive: true });
  mkdirSync(work);
  git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
  git(work, 'init', '--quiet', '--initial-branch=main');
  return {
    mirror,
    bare,
    git,
    commit(files, branch = 'main') {
      git(work, 'rm', '-rq', '--cached', '--ignore-unmatch', '.');
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
        writeFileSync(path.join(work, file), text);
      }
      git(work, 'add', '--', ...Object.keys(files));
      git(work, 'commit', '--quiet', '--allow-empty', '-m', 'change');
      git(work, 'push', '--quiet', '--force', bare, `HEAD:refs/heads/${branch}`);
      return git(work, 'rev-parse', 'HEAD');
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
