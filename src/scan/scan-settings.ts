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

/** Where settings are read from: a folder, or the tree of a commit. */
interface SettingsPlace {
  /** Undefined when there is no such file. */
  readonly textOf: (name: string) => string | undefined;
  /** Whether a name that lies inside leads out all the same, by a link. */
  readonly leadsOut: (name: string) => boolean;
}

class SettingsReader {
  readonly #place: SettingsPlace;
  #files = 0;

  constructor(place: SettingsPlace) {
    this.#place = place;
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
    const text = this.#place.textOf(name);
    if (text === undefined) fail(`extends: there is no file ${name}`, from, 'Correct the path.');
    return this.read(name, text, chain);
  }

  /** The repository that is scanned may be hostile: it names no other file of this machine, by a link neither. */
  #requireInside(base: string, name: string, from: string): void {
    const outside = path.isAbsolute(base) || name === '..' || name.startsWith('../');
    if (!outside && !this.#place.leadsOut(name)) return;
    fail(`extends: ${base} is outside of the repository`, from, 'Name a file inside of it.');
  }
}

function placeIn(root: string): SettingsPlace {
  return {
    textOf: (name) => readIfThere(path.join(root, name), name),
    leadsOut(name) {
      try {
        return !realpathSync(path.join(root, name)).startsWith(`${realpathSync(root)}${path.sep}`);
      } catch {
        // Not there; reading says so.
        return false;
      }
    },
  };
}

function readFrom(place: SettingsPlace): ScanSettings {
  for (const name of NAMES) {
    const text = place.textOf(name);
    if (text !== undefined) return new SettingsReader(place).read(name, text, []);
  }
  return {};
}

/** The settings of a repository; none when it has no file. A file with a mistake stops the scan: it may waive. */
export function readScanSettings(root: string): ScanSettings {
  return readFrom(placeIn(root));
}

/** The same, from texts that were read already: the files of a commit. */
export function readScanSettingsOf(textOf: (name: string) => string | undefined): ScanSettings {
  return readFrom({ textOf, leadsOut: () => false });
}
