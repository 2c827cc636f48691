import { messageOf } from '#core/errors.ts';
import { StoreError, type StoreErrorCode } from '#core/store-error.ts';

/** A {@link StoreError} in a form that a message between threads keeps. */
export interface Failure {
  code: StoreErrorCode;
  message: string;
  remedy: string;
  cause: string;
}

// Primary result codes, https://www.sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const TOOBIG = 18;
const CONSTRAINT = 19;
const MISMATCH = 20;
const NOTADB = 26;

const REFUSED: Omit<Failure, 'cause'> = {
  code: 'store_refused',
  message: 'The store refused one value of the write.',
  remedy: 'Its id is taken, or it is too large; trying again does not help.',
};
const DAMAGED: Omit<Failure, 'cause'> = {
  code: 'store_corrupt',
  message: 'The store file is damaged.',
  remedy: 'Stop the server, keep the file for analysis and restore a backup.',
};
const BUSY_ELSEWHERE: Omit<Failure, 'cause'> = {
  code: 'store_locked',
  message: 'Another program holds the store.',
  remedy: 'End the other server or database tool that has this file open.',
};

const BY_RESULT_CODE: ReadonlyMap<number, Omit<Failure, 'cause'>> = new Map([
  [BUSY, BUSY_ELSEWHERE],
  [LOCKED, BUSY_ELSEWHERE],
  [
    READONLY,
    {
      code: 'store_read_only',
      message: 'The store file cannot be written.',
      remedy: 'Make the file and its folder writable for the user of the server.',
    },
  ],
  [CORRUPT, DAMAGED],
  [NOTADB, DAMAGED],
  [
    FULL,
    { code: 'store_full', message: 'The disk is full.', remedy: 'Free space on the disk of the store.' },
  ],
  [
    CANTOPEN,
    {
      code: 'store_unavailable',
      message: 'The store file cannot be opened.',
      remedy: 'Check that the folder exists and belongs to the user of the server.',
    },
  ],
  [TOOBIG, REFUSED],
  [CONSTRAINT, REFUSED],
  [MISMATCH, REFUSED],
]);

const UNAVAILABLE: Omit<Failure, 'cause'> = {
  code: 'store_unavailable',
  message: 'The store failed.',
  remedy: 'See the cause; the store is opened again by itself.',
};

/** By SQLite's result code or the system's; never by the text of a message. */
export function failureOf(error: unknown): Failure {
  const cause = messageOf(error);
  if (error instanceof StoreError) {
    return { code: error.code, message: error.message, remedy: error.remedy ?? '', cause };
  }
  const { errcode, code } = codesOf(error);
  if (typeof errcode === 'number') return { ...(BY_RESULT_CODE.get(errcode & 0xff) ?? UNAVAILABLE), cause };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return failureOfCode(READONLY, cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') return failureOfCode(FULL, cause);
  return { ...UNAVAILABLE, cause };
}

/** What node:sqlite (`errcode`) and node:fs (`code`) add to an error. */
function codesOf(error: unknown): { errcode: unknown; code: unknown } {
  if (typeof error !== 'object' || error === null) return { errcode: undefined, code: undefined };
  return {
    errcode: 'errcode' in error ? error.errcode : undefined,
    code: 'code' in error ? error.code : undefined,
  };
}

function failureOfCode(resultCode: number, cause: string): Failure {
  return { ...(BY_RESULT_CODE.get(resultCode) ?? UNAVAILABLE), cause };
}

export function errorOf(failure: Failure, location: string): StoreError {
  const { code, message, remedy, cause } = failure;
  const options = { remedy, location };
  return new StoreError(code, message, cause === message ? options : { ...options, cause: new Error(cause) });
}
