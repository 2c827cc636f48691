import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isPattern, matchesCandidate } from '#pipeline/gitlab/include-paths.ts';
import { localIncludesOf, readAsIncluded } from '#pipeline/gitlab/read-included.ts';
import { type ReadFile, recognisePath } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { isFolderInside, readInside } from './read-inside.ts';

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** GitLab refuses more than 150 includes of one pipeline; a repository may have several. */
const FILES_MAX = 500;
const BYTES_MAX = 1_000_000;
const ENTRIES_MAX = 20_000;
const DEPTH_MAX = 8;

/** Other templates lie in a folder of that name, too; those of GitLab say what they take. */
function isComponent(text: string): boolean {
  return /^spec:[ \t]*$/m.test(text) && text.includes('$[[');
}

class Finder {
  readonly found: TextFile[] = [];
  readonly #root: string;
  readonly #known: Set<string>;
  readonly #tried = new Set<string>();
  #entries = 0;

  constructor(root: string, files: readonly TextFile[]) {
    this.#root = root;
    this.#known = new Set(files.map(({ file }) => file));
  }

  get asked(): number {
    return this.#tried.size;
  }

  /** Files below the part of a pattern that has no star. */
  #expand(candidate: string): string[] {
    const fixed = candidate.slice(0, candidate.indexOf('*'));
    const folder = fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
    const files: string[] = [];
    this.#list(folder, 0, files);
    return files.filter((file) => matchesCandidate(file, candidate)).sort();
  }

  #list(folder: string, depth: number, files: string[]): void {
    if (depth > DEPTH_MAX || (folder !== '' && !isFolderInside(this.#root, folder))) return;
    for (const entry of readdirSync(path.join(this.#root, folder), { withFileTypes: true })) {
      this.#entries += 1;
      if (this.#entries > ENTRIES_MAX) return;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) this.#list(file, depth + 1, files);
      else if (entry.isFile()) files.push(file);
    }
  }

  /** Components that a project publishes: `templates/name.yml` and `templates/name/template.yml`. */
  takeComponents(): void {
    for (const pattern of ['templates/*.yml', 'templates/*/template.yml']) {
      for (const file of this.#expand(pattern)) {
        const component = this.#read(file);
        if (component !== undefined && isComponent(component.text)) this.found.push(component);
      }
    }
  }

  #read(file: string): TextFile | undefined {
    if (this.#known.has(file) || this.found.length >= FILES_MAX) return undefined;
    const text = /\.ya?ml$/.test(file) ? readInside(this.#root, file, BYTES_MAX) : undefined;
    if (text === undefined) return undefined;
    this.#known.add(file);
    return { file, text };
  }

  /** Reads what the files include and nobody read yet. */
  take(files: readonly ReadFile[]): ReadFile[] {
    const taken: ReadFile[] = [];
    for (const candidate of localIncludesOf(files)) {
      if (this.#tried.has(candidate)) continue;
      this.#tried.add(candidate);
      for (const file of isPattern(candidate) ? this.#expand(candidate) : [candidate]) {
        const included = this.#read(file);
        if (included === undefined) continue;
        this.found.push(included);
        taken.push(readAsIncluded(new SourceText(file, included.text)));
      }
    }
    return taken;
  }
}

function mayInclude({ file, text }: TextFile): boolean {
  return text.includes('include') && recognisePath(file)?.reader.platform === 'gitlab';
}

/**
 * GitLab configuration that lies outside of the folders that it usually lies in, found by what includes it. Only
 * regular files inside of `root`, and of a bounded size and number.
 */
export function findIncludedFiles(root: string, files: readonly TextFile[]): readonly TextFile[] {
  return findIncluded(root, files).found;
}

/** The same, and how many paths the files ask for: none of them may be there yet. */
export function findIncluded(
  root: string,
  files: readonly TextFile[],
): { readonly found: readonly TextFile[]; readonly asked: number } {
  const isProject = files.some(({ file }) => file === '.gitlab-ci.yml');
  const starts = files.filter(mayInclude);
  if (root === '' || (starts.length === 0 && !isProject)) return { found: [], asked: 0 };
  const finder = new Finder(root, files);
  try {
    if (isProject) finder.takeComponents();
    let open = starts.map(({ file, text }) => readAsIncluded(new SourceText(file, text)));
    while (open.length > 0) open = finder.take(open);
  } catch {
    // A folder that cannot be listed, or a file that went away: what was found until then is judged.
  }
  return { found: finder.found, asked: finder.asked };
}
