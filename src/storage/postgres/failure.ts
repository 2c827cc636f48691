import { messageOf } from '#core/errors.ts';
import { StoreError, type StoreErrorCode } from '#core/store-error.ts';

interface Meaning {
  code: StoreErrorCode;
  message: string;
  remedy: string;
}

const REFUSED: Meaning = {
  code: 'store_refused',
  message: 'PostgreSQL refused one value of the write.',
  remedy: 'Its id is taken, or it is too large; trying again does not help.',
};
const DAMAGED: Meaning = {
  code: 'store_corrupt',
  message: 'PostgreSQL reports damaged data.',
  remedy: 'Stop the servers and restore the database from a backup.',
};
const CHANGED: Meaning = {
  code: 'store_version_unknown',
  message: 'The tables in PostgreSQL are not the ones that this version made.',
  remedy: 'Restart the server, which brings them up to date, or restore the database from a backup.',
};
const FORBIDDEN: Meaning = {
  code: 'store_unavailable',
  message: 'PostgreSQL does not let the server in.',
  remedy:
    'Check the user, the password and the database of --database, and that the user may create a schema.',
};
const UNREACHABLE: Meaning = {
  code: 'store_unavailable',
  message: 'PostgreSQL cannot be reached.',
  remedy: 'Check that it runs and accepts connections; the server goes on by itself.',
};

// https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes first, then classes.
const BY_STATE: ReadonlyMap<string, Meaning> = new Map([
  [
    '25006',
    {
      code: 'store_read_only',
      message: 'PostgreSQL accepts no writes.',
      remedy: 'Connect to the primary, or end its read-only mode; the server goes on by itself.',
    },
  ],
  [
    '53100',
    {
      code: 'store_full',
      message: 'The disk of PostgreSQL is full.',
      remedy: 'Free space there; the server goes on by itself.',
    },
  ],
  ['42501', FORBIDDEN],
  ['3D000', FORBIDDEN],
  ['XX001', DAMAGED],
  ['XX002', DAMAGED],
]);
const BY_CLASS: ReadonlyMap<string, Meaning> = new Map([
  ['22', REFUSED],
  ['23', REFUSED],
  ['54', REFUSED],
  ['28', FORBIDDEN],
  ['3F', CHANGED],
  ['42', CHANGED],
]);

/** SQLSTATE, or undefined for what did not come from the server. */
export function stateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The messages of the driver and the server never hold the password; details that could hold a row are left out. */
export function storeErrorOf(error: unknown, location: string): StoreError {
  if (error instanceof StoreError) return error;
  const state = stateOf(error);
  const meaning =
    state === undefined
      ? UNREACHABLE
      : (BY_STATE.get(state) ?? BY_CLASS.get(state.slice(0, 2)) ?? UNREACHABLE);
  const { code, message, remedy } = meaning;
  const cause = new Error(state === undefined ? messageOf(error) : `${state}: ${messageOf(error)}`);
  return new StoreError(code, message, { remedy, location, cause });
}

/** Serialization failure and deadlock: the transaction is gone and may be tried again as it was. */
export function isTransient(error: unknown): boolean {
  const state = stateOf(error);
  return state === '40001' || state === '40P01';
}
