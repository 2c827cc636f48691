import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '#core/secret.ts';

// RFC 7677 §4 asks for 4096 at least; more buys nothing for a password of 256 random bits.
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const PASSWORD_BYTES = 32;
const derive = promisify(pbkdf2);

/** ASCII only, so that SASLprep (RFC 4013) leaves it as it is. */
export function newPassword(): Secret {
  return new Secret(randomBytes(PASSWORD_BYTES).toString('base64url'));
}

/**
 * What PostgreSQL stores of a password (RFC 5802 §3, its `pg_authid.rolpassword` format). The server takes it
 * in place of the password, which so never reaches the server, its log or its statistics.
 */
export async function deriveScramVerifier(
  password: Secret,
  salt: Buffer = randomBytes(SALT_BYTES),
): Promise<string> {
  const salted = await derive(password.reveal(), salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
