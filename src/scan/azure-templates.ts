import { templateFilesOf } from '#pipeline/azure/link.ts';
import { readDefinitions, recognisePath } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { readInside } from './read-inside.ts';

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** The platform reads at most a hundred files for one run; a repository may have several. */
const FILES_MAX = 500;
const BYTES_MAX = 1_000_000;
const ROUNDS_MAX = 50;

export function mayUseTemplates({ file, text }: TextFile): boolean {
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
      const text = /\.ya?ml$/.test(file) ? readInside(root, file, BYTES_MAX) : undefined;
      if (text === undefined) continue;
      const template = { file, text };
      found.push(template);
      open.push(template);
    }
  }
  return found;
}
