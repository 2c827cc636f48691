import { type Dirent, opendirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readZip, ZipError } from '#core/read-zip.ts';
import { readOwnFile } from '../../read-own-file.ts';
import { versionOf } from '../../shared/action-versions.ts';
import type { JobImport } from '../../shared/third-parties.ts';
import { Advisory, type Affected } from './advisory.ts';
import { isAffected } from './affected.ts';
import type { Fact } from './party.ts';

const FILES_MAX = 200_000;
const DEPTH_MAX = 4;
const ARCHIVE_BYTES_MAX = 500_000_000;

/** OSV’s names for where our imports come from. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'PyPI',
  gem: 'RubyGems',
  cargo: 'crates.io',
  go: 'Go',
  nuget: 'NuGet',
};

export interface OsvDatabase {
  readonly advisories: number;
  /** Files that are no advisory, or that no scanner should open. */
  readonly unreadable: number;
  factsAbout(sighting: JobImport): readonly Fact[];
}

interface Entry {
  readonly advisory: Advisory;
  readonly affected: Affected;
}

function listFiles(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  const files: string[] = [];
  const open = [{ folder, depth: 0 }];
  for (let next = open.pop(); next !== undefined && files.length < FILES_MAX; next = open.pop()) {
    const directory = opendirSync(next.folder);
    for (let entry: Dirent | null = directory.readSync(); entry !== null; entry = directory.readSync()) {
      const file = path.join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < DEPTH_MAX) open.push({ folder: file, depth: next.depth + 1 });
      else if (entry.isFile() && entry.name.endsWith('.json') && files.length < FILES_MAX) files.push(file);
    }
    directory.closeSync();
  }
  return files;
}

/** Undefined for what is no advisory, or cannot be read. */
function readAdvisory(read: () => string): Advisory | undefined {
  try {
    const parsed = Advisory.safeParse(JSON.parse(read()));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Texts of advisories: of a folder, of the archive that OSV hands out for each ecosystem, or of one file. */
function listTexts(place: string): (() => string)[] {
  if (!place.endsWith('.zip')) return listFiles(place).map((file) => () => readOwnFile(file) ?? '');
  if (statSync(place).size > ARCHIVE_BYTES_MAX) {
    throw new ZipError('zip_too_large', `${place} has more than ${ARCHIVE_BYTES_MAX} bytes`, {
      remedy: 'Unpack it, and give the folder instead.',
    });
  }
  return readZip(readFileSync(place))
    .filter(({ name }) => name.endsWith('.json'))
    .map((entry) => () => entry.read().toString('utf8'));
}

/** Names of repositories compare without case, those of PyPI also without regard to `-`, `_` and `.`. */
function keyOf(ecosystem: string, name: string): string {
  const lower = name.toLowerCase();
  return `${ecosystem.split(':', 1)[0] ?? ''} ${ecosystem === 'PyPI' ? lower.replaceAll(/[-_.]+/g, '-') : lower}`;
}

/** What an import is called in OSV, and the version that runs. */
function identify({
  use,
  reference,
  text,
}: JobImport): { keys: string[]; version: string | undefined; moves: boolean } | undefined {
  if (reference !== undefined && text !== undefined) {
    // `v4` of a comment says as little about what stands behind it as a tag does.
    const version = versionOf(text, reference)?.join('.');
    const { repository, path: inside } = reference;
    const keys = [repository, ...(inside === '' ? [] : [`${repository}/${inside}`])];
    return { keys: keys.map((name) => keyOf('GitHub Actions', name)), version, moves: true };
  }
  const [registry = '', name] = use.kind === 'tool' ? use.name.split(/:(?!\/)/, 2) : [];
  const ecosystem = Object.hasOwn(ECOSYSTEMS, registry) ? ECOSYSTEMS[registry] : undefined;
  if (ecosystem === undefined || name === undefined) return undefined;
  return {
    keys: goNames(ecosystem, name).map((each) => keyOf(ecosystem, each)),
    version: use.version,
    moves: false,
  };
}

/** A program of Go lies inside of the module that has the advisory. */
function goNames(ecosystem: string, name: string): string[] {
  if (ecosystem !== 'Go') return [name];
  const parts = name.split('/').slice(0, 10);
  return parts
    .map((_, index) => parts.slice(0, parts.length - index).join('/'))
    .filter((each) => each.includes('/'));
}

function toFacts(entries: readonly Entry[], version: string, moves: boolean): Fact[] {
  return entries
    .filter(({ affected }) => isAffected(version, affected, moves))
    .map(({ advisory }) => {
      const what = (advisory.summary ?? 'no summary').replaceAll(/\s+/g, ' ').slice(0, 140);
      const kind = advisory.id.startsWith('MAL-') ? 'compromised' : 'vulnerable';
      return { kind, what: `${advisory.id}: ${what}`, by: 'osv' };
    });
}

/**
 * Advisories in the OSV format, one a JSON file: from a folder with at most 200,000 of them, from a zip archive, or one
 * alone. Throws when it is not there.
 * @throws ZipError when the archive is damaged or too large.
 */
export function readOsv(place: string): OsvDatabase {
  const byKey = new Map<string, Entry[]>();
  const texts = listTexts(place);
  const advisories = texts.flatMap((read) => readAdvisory(read) ?? []);
  for (const advisory of advisories.filter(({ withdrawn }) => withdrawn === undefined)) {
    for (const affected of advisory.affected ?? []) {
      if (affected.package === undefined) continue;
      const key = keyOf(affected.package.ecosystem, affected.package.name);
      const before = byKey.get(key);
      if (before === undefined) byKey.set(key, [{ advisory, affected }]);
      else before.push({ advisory, affected });
    }
  }
  return {
    advisories: advisories.length,
    unreadable: texts.length - advisories.length,
    factsAbout: (sighting) => {
      const named = identify(sighting);
      const { version } = named ?? {};
      if (named === undefined || version === undefined) return [];
      return toFacts(
        named.keys.flatMap((key) => byKey.get(key) ?? []),
        version,
        named.moves,
      );
    },
  };
}
