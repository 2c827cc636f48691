import { isPlaceholder, tokenShapes } from '../token-shapes.ts';

/** Names of variables for a database that the job starts for itself, and throws away. */
export const OF_A_SERVICE =
  /^(?:TEST_|CI_)?(?:POSTGRES|PG|MYSQL|MARIADB|MONGO|RABBITMQ|REDIS|MINIO|DB|DATABASE|MSSQL|SA)/i;
const HARMLESS = /test|dummy|fake|secret|password|local|none|null|true|false|not|changeme|example/i;

/** A token that its form gives away: `hardcoded-secret` says more about these. */
export function hasKnownForm(value: string): boolean {
  return tokenShapes.some(({ pattern }) => value.search(pattern) !== -1);
}

/** Random texts have letters and digits, no words, no spaces; a path, an address or a version has its own signs. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || value.length > 400 || /[\s$/\\@:<>{}()]/.test(value)) return false;
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value)) return false;
  if (HARMLESS.test(value) || isPlaceholder(value)) return false;
  return new Set(value).size >= 10;
}
