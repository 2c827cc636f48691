import type { Issued } from './exchange-answer.ts';

/**
 * For a server that does not say which fields are secret: those that name a place or an account. Hiding them
 * would blot out host and database names all over a job's log, and protects nothing. Every field that is not
 * on this list is treated as secret.
 */
const PUBLIC_FIELDS = new Set([
  'username',
  'user',
  'host',
  'hostname',
  'port',
  'database',
  'sslmode',
  'region',
  'expiration',
  'expiresAt',
  'roleArn',
  'accountId',
]);

/** The values of a credential that no log may show, with those of its lease. */
export function secretValuesOf(issued: Issued): string[] {
  const { secretFields } = issued;
  const isSecret = (field: string) =>
    secretFields === undefined ? !PUBLIC_FIELDS.has(field) : secretFields.includes(field);
  const values = Object.entries(issued.values)
    .filter(([field]) => isSecret(field))
    .map(([, value]) => value.reveal());
  return [...values, issued.lease.token.reveal()];
}
