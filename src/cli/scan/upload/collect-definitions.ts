import {
  DEFINITION_CHARS_MAX,
  DEFINITION_FILES_MAX,
  type DefinitionFile,
  DEFINITIONS_CHARS_MAX,
} from '#inventory/definition-upload.ts';
import { readInside } from '#scan/read-inside.ts';
import type { RepositoryInput, RepositoryScan, ScanOptions } from '#scan/scan-repository.ts';
import { readOwnSettings } from '#scan/settle-by-settings.ts';
import type { Judge } from '../draw-graph.ts';

const SETTINGS_BYTES_MAX = 1_000_000;

export interface CollectedDefinitions {
  readonly root: string;
  readonly files: readonly DefinitionFile[];
  /** Files that are too large or too many, by name. */
  readonly left: readonly string[];
}

/** What the repository decides about its findings: the server has to know it, to come to the same ones. */
function readSettings(root: string): DefinitionFile[] {
  const read = new Map<string, string>();
  readOwnSettings((name) => {
    const text = readInside(root, name, SETTINGS_BYTES_MAX);
    if (text !== undefined) read.set(name, text);
    return text;
  }, []);
  return [...read].map(([file, text]) => ({ file, text }));
}

function bound(root: string, files: readonly DefinitionFile[]): CollectedDefinitions {
  const kept: DefinitionFile[] = [];
  const left: string[] = [];
  let charactersLeft = DEFINITIONS_CHARS_MAX;
  for (const each of files) {
    const { length } = each.text;
    const fits =
      kept.length < DEFINITION_FILES_MAX && length <= Math.min(DEFINITION_CHARS_MAX, charactersLeft);
    if (!fits) {
      left.push(each.file);
      continue;
    }
    charactersLeft -= length;
    kept.push(each);
  }
  return { root, files: kept, left };
}

/** Keeps the files of each repository as the scanner read them. */
export class DefinitionCollector {
  readonly #judge: Judge;
  readonly #inputs: RepositoryInput[] = [];

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  judge(input: RepositoryInput, options: ScanOptions): RepositoryScan {
    this.#inputs.push(input);
    return this.#judge(input, options);
  }

  /** The shallowest first: that of the repository itself, before those that lie in it. */
  get repositories(): readonly CollectedDefinitions[] {
    return this.#inputs
      .toSorted((one, other) => one.root.length - other.root.length)
      .map(({ root, files }) => bound(root, [...readSettings(root), ...files]));
  }
}
