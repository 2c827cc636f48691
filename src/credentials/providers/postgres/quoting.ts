import { escapeIdentifier, escapeLiteral } from 'pg';
import { CredentialError } from '../../credential-error.ts';
import { Identifier } from './settings.ts';

/**
 * A name as SQL. Refuses what PostgreSQL would take for another name: longer ones are cut, a NUL ends the
 * statement. (Names that were not quoted when a lease was revoked: CVE-2026-39946.)
 */
export function quoteIdentifier(name: string): string {
  const checked = Identifier.safeParse(name);
  if (checked.success) return escapeIdentifier(checked.data);
  throw new CredentialError(
    'backend_misconfigured',
    `${JSON.stringify(name.slice(0, 80))} is no role name.`,
    {
      remedy: 'A name has 1 to 63 bytes and no NUL character.',
    },
  );
}

/** A text as SQL, whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  if (!text.includes('\0')) return escapeLiteral(text).trimStart();
  throw new CredentialError('backend_misconfigured', 'A text for PostgreSQL holds a NUL character.');
}

/** An anonymous block; its body travels as a literal, so that nothing in it can end it early. */
export function doBlock(body: string): string {
  return `DO ${quoteLiteral(body)}`;
}
