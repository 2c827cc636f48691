import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LocalPostgresError } from './local-postgres-error.ts';

/** Parents whose children are one folder per major version, and where the programs are below those. */
const VERSIONED_FOLDERS: readonly { parent: string; child: RegExp; binaries: string }[] = [
  { parent: '/usr/lib/postgresql', child: /^(\d+)$/, binaries: 'bin' },
  { parent: '/usr', child: /^pgsql-(\d+)$/, binaries: 'bin' },
  { parent: '/opt/homebrew/opt', child: /^postgresql@(\d+)$/, binaries: 'bin' },
  { parent: '/usr/local/opt', child: /^postgresql@(\d+)$/, binaries: 'bin' },
  { parent: '/Applications/Postgres.app/Contents/Versions', child: /^(\d+)$/, binaries: 'bin' },
  { parent: 'C:\\Program Files\\PostgreSQL', child: /^(\d+)$/, binaries: 'bin' },
];
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder when it holds a server that can be set up and started; symbolic links (`/usr/local/bin/postgres`) followed. */
function binariesIn(folder: string): string | undefined {
  const server = join(folder, `postgres${SUFFIX}`);
  if (!isExecutable(server)) return undefined;
  const candidates = [dirname(realpathSync(server)), folder];
  return candidates.find((candidate) => isExecutable(join(candidate, `initdb${SUFFIX}`)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function versionedBinaries(): string[] {
  const found = VERSIONED_FOLDERS.flatMap(({ parent, child, binaries }) =>
    namesIn(parent).flatMap((name) => {
      const major = child.exec(name)?.[1];
      return major === undefined ? [] : [{ major: Number(major), folder: join(parent, name, binaries) }];
    }),
  );
  return found.sort((one, other) => other.major - one.major).map(({ folder }) => folder);
}

/**
 * The folder of a PostgreSQL's programs on this machine (`initdb` and `postgres`), or undefined:
 * `VOUCHGATE_POSTGRES_BIN`, then the PATH, then the usual places, newest version first.
 *
 * @throws LocalPostgresError `postgres_binaries_invalid` when `VOUCHGATE_POSTGRES_BIN` names a folder without them
 */
export function findPostgres(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const wanted = environment['VOUCHGATE_POSTGRES_BIN'];
  if (wanted !== undefined && wanted !== '') {
    const binaries = binariesIn(wanted);
    if (binaries !== undefined) return binaries;
    throw new LocalPostgresError(
      'postgres_binaries_invalid',
      'There is no postgres and initdb to run there.',
      {
        location: `VOUCHGATE_POSTGRES_BIN=${wanted}`,
        remedy: 'Name the folder that holds both programs, or unset the variable to have them looked for.',
      },
    );
  }
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...path, ...versionedBinaries()]) {
    const binaries = binariesIn(folder);
    if (binaries !== undefined) return binaries;
  }
  return undefined;
}
