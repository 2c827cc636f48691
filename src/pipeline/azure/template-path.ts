import path from 'node:path';

/** `path@alias`; `@self` is the repository of the file that a run starts from. */
export function splitTemplate(text: string): { path: string; alias: string | undefined } {
  const at = text.lastIndexOf('@');
  const alias = at === -1 ? undefined : text.slice(at + 1).trim();
  return {
    path: (at === -1 ? text : text.slice(0, at)).trim(),
    alias: alias === 'self' || alias === '' ? undefined : alias,
  };
}

/**
 * The file of a template from the root of the repository: `/a.yml` stands at its root, everything else beside the file
 * that uses it. Undefined when it leads out of the repository.
 */
export function templateFile(written: string, from: string): string | undefined {
  const posix = written.replaceAll('\\', '/');
  if (posix.length > 1_000 || posix.includes('\0')) return undefined;
  const joined = posix.startsWith('/') ? posix.slice(1) : path.posix.join(path.posix.dirname(from), posix);
  const file = path.posix.normalize(joined);
  return file.startsWith('../') || file === '..' || path.posix.isAbsolute(file) ? undefined : file;
}
