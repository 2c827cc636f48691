import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { templateFilesOf } from '#pipeline/azure/link.ts';
import { readDefinitions, recognisePath } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** The platform reads at most a hundred files for one run; a repository may have several. */
const FILES_MAX = 500;
const BYTES_MAX = 1_000_000;
const ROUNDS_MAX = 50;

/** Not a link, at no place of the way: a link leads out of the repository, and it may be anybody's. */
function isRegular(root: string, file: string): boolean {
  const parts = file.split('/');
  if (!/\.ya?ml$/.test(file) || parts.includes('.git')) return false;
  let at = root;
  return parts.every((part, index) => {
    at = path.join(at, part);
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    return index + 1 < parts.length ? stats.isDirectory() : stats.isFile() && stats.size <= BYTES_MAX;
  });
}

function mayUseTemplates({ file, text }: TextFile): boolean {
  return text.includes('template:') && recognisePath(file)?.reader.platform === 'azure';
}

/** Templates of Azure Pipelines, which may have any name, found by what uses them. */
export function findAzureTemplates(root: string, files: readonly TextFile[]): readonly TextFile[] {
  const starts = files.filter(mayUseTemplates);
  if (root === '' || starts.length === 0) return [];
  const known = new Set(files.map(({ file }) => file));
  const found: TextFile[] = [];
  let open = starts;
  for (let round = 0; round < ROUNDS_MAX && open.length > 0; round += 1) {
    const read = open.map(({ file, text }) => readDefinitions(new SourceText(file, text)));
    open = [];
    for (const file of templateFilesOf(read)) {
      if (known.has(file) || found.length >= FILES_MAX) continue;
      known.add(file);
      if (!isRegular(root, file)) continue;
      const template = { file, text: readFileSync(path.join(root, file), 'utf8') };
      found.push(template);
      open.push(template);
    }
  }
  return found;
}
