import { realpathSync } from 'node:fs';
import path from 'node:path';
import { formatProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { mergeScanSettings, ScanConfiguration, type ScanSettings } from '#findings/scan-configuration.ts';
import { readOwnFile } from './read-own-file.ts';

export class ScanConfigurationError extends AppError<'scan_configuration_invalid'> {}

const NAMES = ['.vouchgate.yml', '.vouchgate.yaml'];
const DEPTH_MAX = 8;
const FILES_MAX = 50;
const REFERENCE = 'docs/guides/scan-configuration.md';

function fail(message: string, location: string, remedy: string, cause?: unknown): never {
  throw new ScanConfigurationError('scan_configuration_invalid', message, {
    location,
    remedy: `${remedy} ${REFERENCE} says what it takes.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function readIfThere(file: string, name: string): string | undefined {
  try {
    return readOwnFile(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') return undefined;
    return fail(
      `${name} cannot be read: ${messageOf(cause)}`,
      name,
      'Make it a plain file that you may read.',
      cause,
    );
  }
}

function parse(name: string, text: string): ScanConfiguration {
  const parsed = parseYamlSource(name, text);
  const checked = parsed.ok
    ? validateYaml(ScanConfiguration, parsed.source, [], parsed.source.value)
    : parsed;
  if (checked.ok && 'value' in checked) return checked.value;
  const problems = checked.ok ? [] : checked.problems.map(formatProblem);
  return fail(problems.join('\n'), name, 'Correct the file.');
}

class SettingsReader {
  readonly #root: string;
  #files = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** `chain` names the files that led here; all names are relative to the repository. */
  read(name: string, text: string, chain: readonly string[]): ScanSettings {
    this.#files += 1;
    if (chain.length >= DEPTH_MAX || this.#files > FILES_MAX) {
      fail(
        `${chain.join(' → ')} extends too many files`,
        name,
        `At most ${DEPTH_MAX} deep, and ${FILES_MAX} in all.`,
      );
    }
    const { extends: bases = [], scan = {} } = parse(name, text);
    const extended = [bases].flat().map((base) => this.#readBase(base, [...chain, name]));
    return [...extended, scan].reduce(mergeScanSettings, {});
  }

  #readBase(base: string, chain: readonly string[]): ScanSettings {
    const from = chain.at(-1) ?? '';
    const name = path.posix.normalize(path.posix.join(path.posix.dirname(from), base));
    if (chain.includes(name)) fail(`${[...chain, name].join(' → ')} go around in a circle`, from, 'Open it.');
    this.#requireInside(base, name, from);
    const text = readIfThere(path.join(this.#root, name), name);
    if (text === undefined) fail(`extends: there is no file ${name}`, from, 'Correct the path.');
    return this.read(name, text, chain);
  }

  /** The repository that is scanned may be hostile: it names no other file of this machine, by a link neither. */
  #requireInside(base: string, name: string, from: string): void {
    const absolute = path.join(this.#root, name);
    const outside = path.isAbsolute(base) || name === '..' || name.startsWith('../');
    if (!outside && !this.#leadsOut(absolute)) return;
    fail(`extends: ${base} is outside of the repository`, from, 'Name a file inside of it.');
  }

  #leadsOut(absolute: string): boolean {
    try {
      return !realpathSync(absolute).startsWith(`${realpathSync(this.#root)}${path.sep}`);
    } catch {
      // Not there; reading says so.
      return false;
    }
  }
}

/** The settings of a repository; none when it has no file. A file with a mistake stops the scan: it may waive. */
export function readScanSettings(root: string): ScanSettings {
  for (const name of NAMES) {
    const text = readIfThere(path.join(root, name), name);
    if (text !== undefined) return new SettingsReader(root).read(name, text, []);
  }
  return {};
}
