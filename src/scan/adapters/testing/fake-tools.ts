import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Programs of a test, in a folder of their own that can stand on a path, beside a folder to scan. */
export class FakeTools {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-fake-tools-'));
  readonly bin = path.join(this.folder, 'bin');
  readonly root = path.join(this.folder, 'repository');

  constructor() {
    mkdirSync(this.bin);
    mkdirSync(this.root);
  }

  /** A program that runs this JavaScript; `argv` holds its arguments. */
  add(name: string, script: string, folder = this.bin): string {
    const file = path.join(folder, name);
    const head = `#!${process.execPath}\nconst argv = process.argv.slice(2);\n`;
    writeFileSync(file, head + script);
    chmodSync(file, 0o755);
    return file;
  }

  /** A file of the repository. */
  write(name: string, text: string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
