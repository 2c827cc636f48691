import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { Storage } from '#storage/storage.ts';

/** Loads only the dialect that is used. */
export async function openStorage(options: {
  database: string | undefined;
  path: string;
  clock: Clock;
  log: Logger;
  onCommit?: (calls: number) => void;
}): Promise<Storage> {
  const { database, path, ...shared } = options;
  if (database !== undefined) {
    const { openPostgresStorage } = await import('#storage/postgres/open-postgres-storage.ts');
    return openPostgresStorage({ url: database, ...shared });
  }
  const { openSqliteStorage } = await import('#storage/sqlite/open-sqlite-storage.ts');
  return openSqliteStorage({ path, ...shared });
}
