import path from 'node:path';

/** Where the report of a repository stands. */
export function reportFileOf(outputFolder: string, name: string, format: string): string {
  const ending = format === 'json' ? 'json' : `${format}.${format === 'sarif' ? 'json' : 'txt'}`;
  const parts = name.split('/').map((part) => part.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+$/, '_'));
  return `${path.join(outputFolder, 'repositories', ...parts)}.${ending}`;
}
