import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { recognisePath } from '#pipeline/read-file.ts';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';
import { discover, type FoundFile } from '../discover.ts';
import { mayDeclareTrust } from '../trust/trust-files.ts';
import { hashContent } from './content-key.ts';
import { type FileMarks, FileObserver } from './file-marks.ts';
import { type GitRunner, listHead, readBlobs, readHeadCommit, type TreeFile } from './git-objects.ts';
import type { RepositoryPlace } from './record.ts';

/** A repository whose files can be read; `release` removes what was written for it. */
export interface LoadedRepository {
  readonly root: string;
  readonly files: readonly FoundFile[];
  /** What could not be looked at. */
  readonly reasons: readonly string[];
  readonly revision: string | undefined;
  readonly contentKey: string;
  /** Undefined where they would not tell everything that may be new. */
  readonly marks: FileMarks | undefined;
  release(): void;
}

/** One repository of an organisation is not the whole machine. */
const LIMITS = { entriesMax: 400_000, depthMax: 40 };
const FILES_MAX = 5_000;
const TOTAL_BYTES_MAX = 64 * 1_048_576;
const BYTES_MAX = defaultYamlLimits.charactersMax * 4;
const REASONS_MAX = 20;

const SETTINGS = /^(?:\.vouchgate\.ya?ml|(?:\.github\/)?zizmor\.ya?ml|\.github\/workflows\/actions\.lock)$/;
/** They name other files: which ones shows only when they are read. */
const NAMES_OTHERS = /^(?:\.vouchgate\.ya?ml|\.gitlab-ci\.ya?ml)$/;

function isDefinition(file: string): boolean {
  return SETTINGS.test(file) || recognisePath(file) !== undefined;
}

async function listWanted(gitFolder: string, git: GitRunner): Promise<readonly TreeFile[] | undefined> {
  const isWanted = (file: string): boolean => isDefinition(file) || mayDeclareTrust(file);
  const yaml = await listHead(gitFolder, git, (file) => /\.ya?ml$/.test(file) || isWanted(file));
  if (yaml === undefined || yaml.some(({ file }) => NAMES_OTHERS.test(file))) return yaml;
  return yaml.filter(({ file }) => isWanted(file));
}

function writeFile(root: string, file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  // Two names that a file system takes for one must not overwrite one another.
  writeFileSync(target, text, { flag: 'wx' });
}

/** Writes the wanted files of HEAD into a fresh folder; says what it left out. */
async function extract(gitFolder: string, root: string, git: GitRunner): Promise<string[]> {
  const wanted = await listWanted(gitFolder, git);
  if (wanted === undefined)
    throw new Error('git cannot read the files of HEAD (an empty or broken repository?)');
  const ordered = wanted.toSorted(
    (left, right) => Number(isDefinition(right.file)) - Number(isDefinition(left.file)),
  );
  const taken = ordered.slice(0, FILES_MAX);
  const reasons =
    wanted.length > taken.length
      ? [`${wanted.length - taken.length} definitions more than ${FILES_MAX} were left out`]
      : [];
  if (taken.length === 0) return reasons;
  const blobs = await readBlobs(
    gitFolder,
    taken.map(({ objectId }) => objectId),
    git,
    BYTES_MAX,
  );
  let bytes = 0;
  for (const [index, { file }] of taken.entries()) {
    const blob = blobs[index] ?? { message: 'git ended before it was read' };
    if ('message' in blob) {
      if (isDefinition(file)) reasons.push(`${file}: ${blob.message}`);
      continue;
    }
    bytes += blob.text.length;
    if (bytes > TOTAL_BYTES_MAX)
      return [...reasons, `more than ${TOTAL_BYTES_MAX} characters of definitions`];
    try {
      writeFile(root, file, blob.text);
    } catch (error) {
      reasons.push(`${file}: ${messageOf(error)}`);
    }
  }
  return reasons;
}

function loadFolder(
  root: string,
  revision: string | undefined,
  release: () => void,
  reasons: readonly string[],
  { knownKey, settledBeforeMs }: KnownBefore,
): LoadedRepository {
  const observer = new FileObserver(settledBeforeMs);
  const { files, problems, foldersSkipped } = discover([root], LIMITS, (...seen) => observer.take(...seen));
  const told = problems.map((each) => `${path.relative(root, each.path) || 'the folder'}: ${each.message}`);
  const all = [...reasons, ...told];
  const shown = all.slice(0, REASONS_MAX);
  if (all.length > shown.length) shown.push(`and ${all.length - shown.length} more`);
  const { key, namesDefinitions, namesSettings } = hashContent(root, files, knownKey);
  // A file that others name may lie where nothing was listed, or have a name that nobody looked for.
  const isComplete = all.length === 0 && !namesSettings && !(namesDefinitions && foldersSkipped > 0);
  const marks = isComplete ? observer.marks : undefined;
  return { root, files, reasons: shown, revision, contentKey: key, marks, release };
}

interface KnownBefore {
  /** Of the content, from the last run. */
  readonly knownKey?: string | undefined;
  /** What changed later (ms since the epoch) may be changing still. */
  readonly settledBeforeMs: number;
}

/** Reads where the definitions of a repository lie. `scratch` is a folder of this process. */
export async function loadRepository(
  place: Exclude<RepositoryPlace, { kind: 'missing' }>,
  scratch: string,
  git: GitRunner,
  known: KnownBefore,
): Promise<LoadedRepository> {
  if (place.kind === 'work-tree') return loadFolder(place.folder, undefined, () => {}, [], known);
  const root = mkdtempSync(path.join(scratch, 'r-'));
  const release = (): void => rmSync(root, { recursive: true, force: true });
  try {
    const revision = readHeadCommit(place.gitFolder);
    const reasons = await extract(place.gitFolder, root, git);
    // What could not be read may be there the next time: then the commit alone does not say that nothing is new.
    const loaded = loadFolder(root, reasons.length === 0 ? revision : undefined, release, reasons, known);
    // Its files are copies that go away.
    return { ...loaded, marks: undefined };
  } catch (error) {
    release();
    throw error;
  }
}
