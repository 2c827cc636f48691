import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/errors.ts';
import type { ConsoleFile, ConsoleFiles } from '#server/console-files.ts';

const INDEX = 'index.html';
const FILES_MAX = 1_000;
const BYTES_MAX = 64 * 1_048_576;

/** What is not on this list is not served. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

export class ConsoleFolderError extends AppError<'console_folder_too_large'> {}

/** Where the built console lies: beside the program in the package, in `console/dist` of a checkout. */
export function findConsoleFolder(): string | undefined {
  const place = import.meta.url.endsWith('.ts') ? '../../../../console/dist' : './console';
  const folder = fileURLToPath(new URL(place, import.meta.url));
  return existsSync(join(folder, INDEX)) ? folder : undefined;
}

/** Reads it whole, once: what is served later cannot be changed by who can write there, nor name another file. */
export function readConsoleFolder(folder: string): ConsoleFiles {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const isKnown = (name: string) => Object.hasOwn(MEDIA_TYPES, extname(name));
  const sizes = names.map((name) => statSync(join(folder, name)).size);
  if (names.length > FILES_MAX || sizes.reduce((sum, size) => sum + size, 0) > BYTES_MAX) {
    throw new ConsoleFolderError('console_folder_too_large', 'The folder of the console holds too much.', {
      remedy: 'Build the console anew into an empty folder: npm run build:console.',
      location: folder,
    });
  }
  const present = new Set(names);
  const read = (name: string) => (present.has(name) ? readFileSync(join(folder, name)) : undefined);
  const files = names.filter(isKnown).map((name): [string, ConsoleFile] => [
    name,
    {
      mediaType: MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
      plain: readFileSync(join(folder, name)),
      brotli: read(`${name}.br`),
      gzip: read(`${name}.gz`),
      // Vite writes a digest into every name below assets/.
      immutable: name.startsWith('assets/'),
    },
  ]);
  return { files: new Map(files), index: readFileSync(join(folder, INDEX), 'utf8') };
}
