import type { ConfigurationFiles } from './configuration.ts';
import type { ProposalFile } from './proposal.ts';

/** Path to the whole new text; null takes the file away. */
export type FileChanges = Readonly<Record<string, string | null>>;

export function changeFiles(files: ConfigurationFiles, changes: FileChanges): ConfigurationFiles {
  const changed = new Map(Object.entries(files));
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) changed.delete(path);
    else changed.set(path, text);
  }
  return Object.fromEntries(changed);
}

export function textAt(files: ConfigurationFiles, path: string): string | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

/** What the changes do, file by file; those that leave a file as it is are left out. */
export function compareFiles(files: ConfigurationFiles, changes: FileChanges): ProposalFile[] {
  return Object.entries(changes)
    .map(([path, text]) => ({ path, before: textAt(files, path), after: text ?? undefined }))
    .filter(({ before, after }) => before !== after)
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

export function changesOf(files: readonly ProposalFile[]): FileChanges {
  return Object.fromEntries(files.map(({ path, after }) => [path, after ?? null]));
}

/**
 * `before`: the files are as the change found them · `after`: it is in them · `between`: some of it is, as while
 * somebody commits it in parts · `elsewhere`: somebody changed them otherwise.
 */
export type ChangeProgress = 'before' | 'after' | 'between' | 'elsewhere';

export function progressOf(files: ConfigurationFiles, change: readonly ProposalFile[]): ChangeProgress {
  const texts = change.map(({ path, before, after }) => ({ now: textAt(files, path), before, after }));
  if (texts.every(({ now, after }) => now === after)) return 'after';
  if (texts.every(({ now, before }) => now === before)) return 'before';
  return texts.every(({ now, before, after }) => now === before || now === after) ? 'between' : 'elsewhere';
}
