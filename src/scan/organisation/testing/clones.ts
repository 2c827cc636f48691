import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PlatformSettings } from '#pipeline/platform-settings.ts';
import { rules } from '../../rules.generated.ts';
import { listRepositories } from '../list-repositories.ts';
import { type OrganisationOptions, type OrganisationScan, scanOrganisation } from '../scan-organisation.ts';

export type Files = Readonly<Record<string, string>>;

const WANTED = new Set([
  'template-injection',
  'untrusted-checkout',
  'unpinned-action',
  'self-hosted-runner',
  'attack-path',
  'excessive-permissions',
]);

export const injection = (expression = 'github.event.issue.title'): string =>
  `on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: { issues: write }\n    steps:\n      - run: echo "\${{ ${expression} }}"\n`;

const gitEnvironment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

export function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    env: gitEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** A folder of clones for one test. */
export class Clones {
  readonly top = mkdtempSync(path.join(tmpdir(), 'vouchgate-clones-'));
  readonly output = mkdtempSync(path.join(tmpdir(), 'vouchgate-reports-'));

  write(name: string, files: Files): string {
    const folder = path.join(this.top, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return folder;
  }

  /** As `git clone --mirror` leaves it. */
  mirror(name: string, files: Files): string {
    const source = this.write(`../${path.basename(this.top)}-source/${name}`, files);
    git(source, 'init', '--quiet');
    git(source, 'add', '--all', '--force');
    git(source, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    const target = path.join(this.top, `${name}.git`);
    git(source, 'clone', '--quiet', '--mirror', source, target);
    return target;
  }

  async scan(
    options: Partial<OrganisationOptions> = {},
    settings: PlatformSettings = {},
  ): Promise<OrganisationScan> {
    const entries = listRepositories(this.top).entries.map((entry) => ({ ...entry, settings }));
    return await scanOrganisation(entries, {
      rules: rules.filter(({ id }) => WANTED.has(id)),
      asOfMs: Date.parse('2026-11-01'),
      outputFolder: this.output,
      formats: ['json'],
      toolVersion: '0.0.0',
      searchPath: process.env['PATH'],
      threads: 1,
      ...options,
    });
  }

  remove(): void {
    for (const folder of [this.top, `${this.top}-source`, this.output])
      rmSync(folder, { recursive: true, force: true });
  }
}
