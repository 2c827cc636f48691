import { StoreError } from '#core/store-error.ts';

/** One step of the schema. Steps are only ever added at the end; a released one never changes. */
export interface Migration {
  name: string;
  sql: string;
}

/**
 * The steps that a store at `version` (their count so far) still needs.
 *
 * @throws StoreError `store_version_unknown` when it was written by a newer Vouchgate: an older one would
 *   not keep promises that it does not know
 */
export function pendingMigrations(version: number, migrations: readonly Migration[]): readonly Migration[] {
  if (version <= migrations.length) return migrations.slice(version);
  throw new StoreError(
    'store_version_unknown',
    `The store is at version ${version}; this Vouchgate knows versions up to ${migrations.length}.`,
    { remedy: 'Start the newer Vouchgate that wrote it, or restore a backup from before the upgrade.' },
  );
}
