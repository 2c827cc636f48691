import type { Issued } from './exchange-answer.ts';

/**
 * Fields that name a place or an account. Hiding them would blot out host and database names all over a
 * job's log, and protects nothing. Every field that is not on this list is treated as secret.
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
  const values = Object.entries(issued.values)
    .filter(([field]) => !PUBLIC_FIELDS.has(field))
    .map(([, value]) => value.reveal());
  return [...values, issued.lease.token.reveal()];
}
