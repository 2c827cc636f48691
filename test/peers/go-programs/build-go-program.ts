import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const BUILD_MS_MAX = 5 * 60_000;

/**
 * A program of this folder, built once into the user's cache. Its modules come by way of the Go module proxy, as
 * `go.sum` beside it pins them.
 */
export function buildGoProgram(
  name: 'cosigner' | 'tessera',
): { readonly path: string } | { readonly missing: string } {
  const source = join(import.meta.dirname, name);
  const digest = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) digest.update(readFileSync(join(source, file)));
  const version = digest.digest('hex').slice(0, 12);
  const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `${name}-${version}`);
  const path = join(folder, name);
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['build', '-o', path, '.'], {
    cwd: source,
    encoding: 'utf8',
    timeout: BUILD_MS_MAX,
  });
  if (built.status === 0) return { path };
  const why = built.error?.message ?? built.stderr.trim().split('\n').at(-1);
  return { missing: `${name} could not be built: ${why}` };
}
