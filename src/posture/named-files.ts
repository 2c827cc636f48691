import { templateFilesOf } from '#pipeline/azure/link.ts';
import { isPattern, matchesCandidate } from '#pipeline/gitlab/include-paths.ts';
import { localIncludesOf, readAsIncluded } from '#pipeline/gitlab/read-included.ts';
import { type ReadFile, readDefinitions, recognisePath } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { readScanSettingsOf, ScanConfigurationError } from '#scan/scan-settings.ts';
import type { DefinitionTree, TextFile } from './inspection-task.ts';

const WANTED_MAX = 500;
const ZIZMOR_SETTINGS = /^(?:\.github\/)?zizmor\.ya?ml$/;

/** What GitLab calls its configuration where nobody chose another name. */
const GITLAB_ROOT = '.gitlab-ci.yml';

/**
 * A project of GitLab may name any file as its configuration, and then `.gitlab-ci.yml` is none. Neither its name nor
 * its content tells what it is; only tokens of GitLab name such a file.
 */
export function hasNamedRoot({ file }: DefinitionTree): boolean {
  return file !== undefined && recognisePath(file) === undefined && /\.ya?ml$/i.test(file);
}

/** The files with the named root in its place: a configuration that does nothing but include it. */
function withRoot(tree: DefinitionTree): readonly TextFile[] {
  if (!hasNamedRoot(tree)) return tree.files;
  const others = tree.files.filter(({ file }) => file !== GITLAB_ROOT);
  const text = `include: [{ local: ${JSON.stringify(`/${tree.file ?? ''}`)} }]\n`;
  return [...others, { file: GITLAB_ROOT, text }];
}

/** True for the file that stands in for the named root: nobody wrote it, and nobody can mend it. */
export function isStandIn(file: string, tree: DefinitionTree): boolean {
  return file === GITLAB_ROOT && hasNamedRoot(tree);
}

/** Names and patterns of files that those of a tree name, and that nobody has asked for yet. */
export function findWanted(tree: DefinitionTree): string[] {
  const known = new Set([...tree.asked, ...tree.files.map(({ file }) => file)]);
  const wanted = [...includesOf(withRoot(tree)), ...templatesOf(tree.files), ...settingsOf(tree.files)];
  return [...new Set(wanted)].filter((each) => !known.has(each)).slice(0, WANTED_MAX);
}

/** Files that an answer to {@link findWanted} stands for. */
export function matchesWanted(file: string, wanted: string): boolean {
  return isPattern(wanted) ? matchesCandidate(file, wanted) : file === wanted;
}

/** The folder that a wanted name or pattern lies in. */
export function folderOf(wanted: string): string {
  const fixed = isPattern(wanted) ? wanted.slice(0, wanted.indexOf('*')) : wanted;
  return fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
}

/** GitLab takes files of any name; what they include counts from them, too. */
function includesOf(files: readonly TextFile[]): string[] {
  const starts = files.filter(
    ({ file, text }) => text.includes('include') && recognisePath(file)?.reader.platform === 'gitlab',
  );
  if (starts.length === 0) return [];
  const byName = new Map(files.map((each) => [each.file, each]));
  const read = new Map<string, ReadFile>();
  let open = starts;
  while (open.length > 0) {
    for (const { file, text } of open) read.set(file, readAsIncluded(new SourceText(file, text)));
    const names = localIncludesOf([...read.values()]);
    open = [...byName.values()].filter(
      ({ file }) => !read.has(file) && names.some((each) => matchesWanted(file, each)),
    );
  }
  return localIncludesOf([...read.values()]);
}

function templatesOf(files: readonly TextFile[]): string[] {
  const users = files.filter(({ text }) => text.includes('template:'));
  const isAzure = users.some(({ file }) => recognisePath(file)?.reader.platform === 'azure');
  if (!isAzure) return [];
  return templateFilesOf(users.map(({ file, text }) => readDefinitions(new SourceText(file, text))));
}

/** `.vouchgate.yml` and what it extends, whether it is there or not. */
function settingsOf(files: readonly TextFile[]): string[] {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const names: string[] = [];
  try {
    readScanSettingsOf((name) => {
      names.push(name);
      return texts.get(name);
    });
  } catch (error) {
    if (!(error instanceof ScanConfigurationError)) throw error;
  }
  return names;
}

/** What of a tree is scanned: settings decide about findings, and have none. */
export function definitionsIn(tree: DefinitionTree): readonly TextFile[] {
  const settings = new Set(settingsOf(tree.files));
  return withRoot(tree).filter(({ file }) => !settings.has(file) && !ZIZMOR_SETTINGS.test(file));
}
