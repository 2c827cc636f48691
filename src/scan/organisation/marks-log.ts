import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FileMarks } from './file-marks.ts';

const FILE = 'marks.jsonl';

/** Marks of a repository, and the key of the record that they belong to. */
export interface KeptMarks extends FileMarks {
  readonly key: string;
}

const Line = z.object({
  name: z.string().min(1),
  key: z.string().min(1),
  paths: z.array(z.string()),
  mark: z.string(),
});

/** Beside the state: without it, or without a line of it, a repository is looked at file by file. */
export class MarksLog {
  readonly #file: string;

  constructor(outputFolder: string) {
    this.#file = path.join(outputFolder, FILE);
  }

  read(): Map<string, KeptMarks> {
    const marks = new Map<string, KeptMarks>();
    if (!existsSync(this.#file)) return marks;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      const kept = line === '' ? undefined : readLine(line);
      if (kept !== undefined) marks.set(kept.name, kept);
    }
    return marks;
  }

  replace(marks: ReadonlyMap<string, KeptMarks>): void {
    const lines = [...marks].map(([name, { key, paths, mark }]) =>
      JSON.stringify({ name, key, paths, mark }),
    );
    writeFileSync(`${this.#file}.part`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${this.#file}.part`, this.#file);
  }
}

function readLine(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
