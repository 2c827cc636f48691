import { DatabaseError } from 'pg';
import { AppError, messageOf } from '#core/errors.ts';
import { CredentialError } from '../../credential-error.ts';
import type { CredentialErrorCode } from '../../provider.ts';

/** SQLSTATEs that our own guards raise (class VG is nobody's). */
export const GUARD = {
  roleMissing: 'VG001',
  roleDangerous: 'VG002',
  roleForeign: 'VG003',
  roleGone: 'VG004',
} as const;

const MESSAGE_CHARS_MAX = 500;

interface Classification {
  code: CredentialErrorCode;
  remedy?: string;
}

const UNREACHABLE: Classification = {
  code: 'backend_unavailable',
  remedy: 'Check that the server runs and can be reached from here; nothing has to be changed in Vouchgate.',
};

/** By SQLSTATE, the longest prefix first (PostgreSQL manual, appendix A). */
const BY_STATE: readonly (readonly [string, Classification])[] = [
  [GUARD.roleMissing, { code: 'backend_misconfigured', remedy: 'Create the role, or correct `memberOf`.' }],
  [
    GUARD.roleDangerous,
    {
      code: 'backend_misconfigured',
      remedy: 'Name a group role in `memberOf` that has only the rights on objects that the job needs.',
    },
  ],
  [
    GUARD.roleForeign,
    {
      code: 'backend_refused',
      remedy: 'Look at the role and its comment; Vouchgate leaves alone what it did not make.',
    },
  ],
  [GUARD.roleGone, { code: 'backend_refused', remedy: 'Ask for a new credential.' }],
  ['42501', { code: 'backend_refused' }],
  [
    '42704',
    { code: 'backend_misconfigured', remedy: 'Create the role, or correct its name in the configuration.' },
  ],
  [
    '2BP01',
    {
      code: 'backend_refused',
      remedy:
        'Objects of others depend on what the job made: drop those, or set `reassignOwnedTo`. The role cannot log in any more.',
    },
  ],
  ['3D000', { code: 'backend_misconfigured', remedy: 'Create the database, or correct `database`.' }],
  [
    '28',
    {
      code: 'backend_misconfigured',
      remedy: 'Correct `adminUser`, `adminPassword` or the server’s pg_hba.conf.',
    },
  ],
  // A standby that was not promoted yet.
  ['25006', UNREACHABLE],
  // Statement or lock took too long, two at once: another try may pass.
  ['57014', UNREACHABLE],
  ['55P03', UNREACHABLE],
  ['40', UNREACHABLE],
  ['XX000', UNREACHABLE],
  ['08', UNREACHABLE],
  ['53', UNREACHABLE],
  ['57P', UNREACHABLE],
  ['58', UNREACHABLE],
];

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/;

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

function classify(error: unknown): Classification {
  const state = sqlState(error);
  if (state !== undefined) {
    return BY_STATE.find(([prefix]) => state.startsWith(prefix))?.[1] ?? { code: 'backend_refused' };
  }
  if (TLS_CODE.test(codeOf(error) ?? '')) {
    return { code: 'backend_misconfigured', remedy: 'Correct `ssl.ca`, `host` or the server’s certificate.' };
  }
  // Ours: a secret of the configuration that cannot be read.
  if (error instanceof AppError) return { code: 'backend_misconfigured' };
  return UNREACHABLE;
}

/**
 * Anything that went wrong at the server, as an error of ours. Statements never stand in it: the server's
 * message names objects, not values, and no password is ever in a statement.
 */
export function toCredentialError(
  error: unknown,
  at: { server: string; doing: string; remedyWhenDenied?: string },
): CredentialError {
  if (error instanceof CredentialError) return error;
  const { code, remedy } = classify(error);
  const advice = (sqlState(error) === '42501' ? at.remedyWhenDenied : undefined) ?? remedy;
  const message = `${at.doing} failed: ${messageOf(error).slice(0, MESSAGE_CHARS_MAX)}`;
  return new CredentialError(code, message, {
    location: at.server,
    cause: error,
    ...(advice !== undefined && { remedy: advice }),
  });
}
