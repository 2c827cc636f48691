import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import type { ScanProblem } from '#findings/finding.ts';
import { readInside } from '../../read-inside.ts';
import { readOwnFile } from '../../read-own-file.ts';
import { type GitleaksConfig, readGitleaksConfig } from './gitleaks-config.ts';
import { type FindKnown, readDetectSecretsBaseline, readGitleaksIgnore } from './known-secrets.ts';

const BYTES_MAX = 1_048_576;

/** What a repository says about secrets in the files of other tools, which a team has had for years. */
export interface TeamSettings {
  /** The nearer file first. */
  readonly configs: readonly GitleaksConfig[];
  readonly known: readonly FindKnown[];
  readonly problems: readonly ScanProblem[];
  /** The texts that rules were read from: what was found with others does not hold. */
  readonly sources: readonly string[];
}

export const GITLEAKS_FILE = '.gitleaks.toml';
const IGNORE_FILE = '.gitleaksignore';
const BASELINE_FILE = '.secrets.baseline';

/** Files that hold what others found: not secrets, however much they look like it. */
export const toolFiles: ReadonlySet<string> = new Set([GITLEAKS_FILE, IGNORE_FILE, BASELINE_FILE]);

class Reader {
  readonly configs: GitleaksConfig[] = [];
  readonly known: FindKnown[] = [];
  readonly problems: ScanProblem[] = [];
  readonly sources: string[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  say(file: string, message: string): void {
    this.problems.push({ file, line: 1, column: 1, message, partial: true });
  }

  read(file: string): string | undefined {
    try {
      return readOwnFile(path.join(this.#root, file));
    } catch (error) {
      this.say(file, `it is left out: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** One file may extend one other of the same repository. */
  readConfig(file: string, text: string, depth = 0): void {
    const config = readGitleaksConfig(text);
    this.configs.push(config);
    this.sources.push(text);
    for (const problem of config.problems) this.say(file, problem);
    if (config.extendsPath === undefined || depth > 1) return;
    const name = path.posix.normalize(config.extendsPath);
    const base = readInside(this.#root, name, BYTES_MAX);
    if (base === undefined) this.say(file, `extend.path: there is no file ${name} in this repository`);
    else this.readConfig(name, base, depth + 1);
  }
}

/** Reads what stands at the root of a repository. Whatever is wrong with it is said, and the scan goes on. */
export function readTeamSettings(root: string): TeamSettings {
  const reader = new Reader(root);
  const config = reader.read(GITLEAKS_FILE);
  if (config !== undefined) reader.readConfig(GITLEAKS_FILE, config);
  const ignore = reader.read(IGNORE_FILE);
  if (ignore !== undefined) reader.known.push(readGitleaksIgnore(ignore));
  const baseline = reader.read(BASELINE_FILE);
  const known = baseline === undefined ? undefined : readDetectSecretsBaseline(baseline);
  if (known !== undefined) reader.known.push(known);
  else if (baseline !== undefined)
    reader.say(BASELINE_FILE, 'it is no baseline of detect-secrets, so it is left out');
  return reader;
}
