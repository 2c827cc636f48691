import { readdirSync } from 'node:fs';
import path from 'node:path';
import { discover } from '#scan/discover.ts';
import { isFolderInside, readInside } from '#scan/read-inside.ts';
import { type CommitSnapshot, type DefinitionFile, DefinitionSourceError } from '../definition-source.ts';

const ENTRIES_MAX = 20_000;
const DEPTH_MAX = 8;
/** Folders whose files definitions and settings may be, beside those that are found by their names. */
const TOP_FOLDERS = ['', '.github'];

/** The files of a folder as they are now, in the form of a commit: what is not committed yet is judged, too. */
export function openWorkTree(root: string, commit: string): CommitSnapshot {
  const named = (file: string): DefinitionFile => ({ file, objectId: file });
  return {
    commit,
    async list(folder) {
      if (folder !== '') return listBelow(root, folder).map(named);
      const { files, problems } = discover([root]);
      const [problem] = problems;
      if (problem !== undefined) {
        const message = `${path.relative(root, problem.path) || 'the folder'}: ${problem.message}`;
        throw new DefinitionSourceError('definition_absent', message);
      }
      // A repository inside of this one is another one.
      const own = files.filter((each) => each.root === root).map(({ file }) => file);
      return [...new Set([...own, ...TOP_FOLDERS.flatMap((each) => filesIn(root, each))])].map(named);
    },
    read: async (files, bytesMax) => files.map(({ file }) => readInside(root, file, bytesMax)),
  };
}

/** Regular files of one folder; none when there is no such folder. */
function filesIn(root: string, folder: string): string[] {
  if (folder !== '' && !isFolderInside(root, folder)) return [];
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true }).slice(0, ENTRIES_MAX);
  return entries
    .filter((each) => each.isFile())
    .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
}

function listBelow(root: string, folder: string): string[] {
  const found: string[] = [];
  let entries = 0;
  const visit = (relative: string, depth: number): void => {
    if (depth > DEPTH_MAX || !isFolderInside(root, relative)) return;
    for (const entry of readdirSync(path.join(root, relative), { withFileTypes: true })) {
      entries += 1;
      if (entries > ENTRIES_MAX) return;
      const file = `${relative}/${entry.name}`;
      if (entry.isDirectory()) visit(file, depth + 1);
      else if (entry.isFile()) found.push(file);
    }
  };
  visit(folder, 0);
  return found;
}
