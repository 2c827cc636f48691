import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import type { SessionStore } from '#server/ports.ts';

const LIFETIME_MS = 15 * 60_000;
const TOKEN_BYTES = 32;

/** Makes a link that opens one owner's session, once, within 15 minutes. The token stands in the fragment: fragments reach no log. */
export async function createAdminLink(sessions: SessionStore, url: string, clock: Clock): Promise<string> {
  const token = `vgl_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const createdAtMs = clock.nowMs();
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  await sessions.addAdminLink({ tokenHash, createdAtMs, expiresAtMs: createdAtMs + LIFETIME_MS });
  return `${url}/admin#link=${token}`;
}
