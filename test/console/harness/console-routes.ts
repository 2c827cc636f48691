import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const CONSOLE = path.join(import.meta.dirname, '..', '..', '..', 'console');

function readPatterns(): string[] {
  const files = globSync('src/features/*/routes.tsx', { cwd: CONSOLE });
  return files.flatMap((file) =>
    [...readFileSync(path.join(CONSOLE, file), 'utf8').matchAll(/\bpath: '(\/[^']*)'/g)].map(
      ([, found]) => found ?? '',
    ),
  );
}

/** The paths of all pages, as their routes have them: `/decisions/$id`. */
export const consoleRoutes: readonly string[] = readPatterns();

function matches(pattern: string, pathname: string): boolean {
  const [wanted, given] = [pattern.split('/'), pathname.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('$') || part === given[index])
  );
}

/** The route of an address such as `/console/decisions/dec_…?x=y`; undefined for what is no page of the console. */
export function routeOf(address: string): string | undefined {
  const { pathname } = new URL(address, 'http://loopback.invalid');
  if (!pathname.startsWith('/console')) return undefined;
  const below = pathname.slice('/console'.length).replace(/(?<=.)\/$/, '') || '/';
  const found = consoleRoutes.filter((pattern) => matches(pattern, below));
  return found.find((pattern) => !pattern.includes('$')) ?? found[0];
}
