import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWanted } from '#scan/secrets/wanted-files.ts';
import { ByteReader } from '#scan/engines/read-bytes.ts';

/** Real source, in a folder that no tool has reason to skip. */
export interface SourceStage {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly what: string;
  remove(): void;
}

/** Source that lies on a machine of somebody who works on this project; `VOUCHGATE_BENCH_SOURCE` names another. */
function sourceFolders(): readonly string[] {
  const given = process.env['VOUCHGATE_BENCH_SOURCE'];
  const own = [
    fileURLToPath(new URL('../../../src', import.meta.url)),
    fileURLToPath(new URL('../../../node_modules', import.meta.url)),
    path.join(homedir(), 'go/pkg/mod/github.com'),
  ];
  return (given === undefined ? own : [given]).filter((folder) => existsSync(folder));
}

function* walk(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(file);
    else if (entry.isFile() && isWanted(entry.name)) yield file;
  }
}

/** Copies text files until there is enough; a thousand to a folder, with their endings. */
export function stageSource(bytesMax: number, folders = sourceFolders()): SourceStage {
  const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-source-'));
  const reader = new ByteReader();
  const files: string[] = [];
  const from: string[] = [];
  let bytes = 0;
  for (const source of folders) {
    const before = bytes;
    for (const file of walk(source)) {
      if (bytes >= bytesMax) break;
      const read = reader.read(file);
      if (read.kind !== 'text' || read.bytes.length === 0) continue;
      const copy = path.join(
        folder,
        `part${Math.floor(files.length / 1_000)}`,
        `${files.length}${path.extname(file).slice(0, 12)}`,
      );
      mkdirSync(path.dirname(copy), { recursive: true });
      copyFileSync(file, copy);
      files.push(copy);
      bytes += lstatSync(copy).size;
    }
    from.push(`${((bytes - before) / 1e6).toFixed(0)} MB of ${path.basename(source)}`);
  }
  return {
    folder,
    files,
    bytes,
    what: from.join(', '),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
