import type { Clock } from '#core/clock.ts';
import type { SessionStore } from '#people/ports.ts';
import { newAdminLink } from '#server/secret-tokens.ts';

const TTL_SECONDS = 15 * 60;

/** Makes a link that opens one owner's session, once, within 15 minutes. For the terminal of who started the server. */
export async function createAdminLink(
  sessions: SessionStore,
  publicUrl: string,
  clock: Clock,
): Promise<string> {
  const { url, stored } = newAdminLink({ clock, publicUrl, ttlSeconds: TTL_SECONDS });
  await sessions.addAdminLink(stored);
  return url.reveal();
}
