import { newId } from '#core/ids.ts';
import { grantsOf } from '#people/grants.ts';
import type { SignedIn, StoredSession } from '#people/ports.ts';
import { hashToken, isSessionToken, newSessionToken } from '../secret-tokens.ts';
import type { PersonAuthenticator } from './authenticate-person.ts';
import type { PeopleServices } from './dependencies.ts';
import type { PersonEvents } from './person-events.ts';

const CLIENT_CHARS_MAX = 200;

export interface SessionWish {
  readonly person: SignedIn;
  readonly browser: boolean;
  readonly client: string | undefined;
  readonly sourceIp: string | undefined;
  /** Token of the session that the browser had until now: it ends, so one that was planted or noted is worth nothing. */
  readonly former?: string | undefined;
}

/** Opens sessions, whatever proved who it is. */
export interface SessionOpener {
  /** `keep` writes it where its right to exist is used up; undefined when that was used up before. */
  open(
    wish: SessionWish,
    keep: (session: StoredSession) => Promise<boolean>,
  ): Promise<{ session: StoredSession; token: string } | undefined>;
}

export function createSessionOpener(
  { people, sessions, clock }: Pick<PeopleServices, 'people' | 'sessions' | 'clock'>,
  authenticator: PersonAuthenticator,
  events: PersonEvents,
): SessionOpener {
  const endFormer = async (token: string, sourceIp: string | undefined): Promise<void> => {
    const session = await sessions.session(hashToken(token));
    const ended = session?.browser === true && (await sessions.revokeSession(session.id, clock.nowMs()));
    if (!ended) return;
    authenticator.forgetAll();
    await events.closed(ended, ended, sourceIp);
  };
  return {
    async open({ person, browser, client, sourceIp, former }, keep) {
      const { settings } = await people.inForce();
      const token = newSessionToken().reveal();
      const nowMs = clock.nowMs();
      const session: StoredSession = {
        ...person,
        id: newId('ses', clock),
        tokenHash: hashToken(token),
        browser,
        client: client && plainClient(client),
        sourceIp,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + settings.sessions.lifetime * 1_000,
        lastUsedAtMs: nowMs,
        revokedAtMs: undefined,
      };
      if (!(await keep(session))) return undefined;
      try {
        await events.opened(
          session,
          grantsOf(person, settings).map(({ role }) => role),
        );
      } catch (error) {
        // A session that is not on record must not exist: who cannot be recorded does not get in.
        await sessions.revokeSession(session.id, clock.nowMs());
        throw error;
      }
      if (former !== undefined && isSessionToken(former)) await endFormer(former, sourceIp);
      return { session, token };
    },
  };
}

/** What anybody may write into a header, for a list that people read. */
function plainClient(client: string): string {
  return client.slice(0, CLIENT_CHARS_MAX).replaceAll(/[^\x20-\x7e]/g, '?');
}
