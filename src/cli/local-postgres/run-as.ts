import { execFileSync } from 'node:child_process';
import { LocalPostgresError } from './local-postgres-error.ts';

/** Ids of the operating system's user that the server runs as. */
export interface RunAs {
  uid: number;
  gid: number;
}

/** `_postgres` is macOS's own. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'] as const;

function idOf(flag: '-u' | '-g', user: string): number {
  const output = execFileSync('id', [flag, user], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 5_000,
  });
  return Number.parseInt(output, 10);
}

function lookUp(user: string): RunAs | undefined {
  try {
    return { uid: idOf('-u', user), gid: idOf('-g', user) };
  } catch {
    return undefined;
  }
}

/**
 * Whom to run PostgreSQL as: undefined for "as ourselves". Root is refused by `initdb` and `postgres`, so
 * root takes the package's own user, else `nobody`.
 *
 * @throws LocalPostgresError `postgres_user_missing`
 */
export function chooseRunAs(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of CANDIDATES) {
    const found = lookUp(user);
    // macOS gives `nobody` a negative id, which nothing can be given to.
    if (found !== undefined && found.uid > 0) return found;
  }
  throw new LocalPostgresError('postgres_user_missing', 'PostgreSQL refuses to run as root.', {
    remedy:
      'Create a user for it, e.g. `useradd --system postgres`, or start this as a user other than root.',
  });
}
