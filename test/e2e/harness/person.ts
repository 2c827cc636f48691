import { Configuration } from '#api/configuration.ts';
import { Decision } from '#api/decision.ts';
import { type Event, EventPage } from '#api/event.ts';
import { type Lease, LeasePage, LeaseRevocationResult } from '#api/lease.ts';
import { Session } from '#api/session.ts';
import { type AdminClient, createAdminClient } from '#cli/client/admin-client.ts';
import { createHttpSend } from '#cli/client/http-send.ts';
import { retryDefaults } from '#cli/client/retry.ts';
import { Secret } from '#core/secret.ts';
import type { ServerProcess } from './server-process.ts';

const PAGES_MAX = 200;

/** The owner, with a session opened by the link that the server printed. */
export interface Person {
  session: Secret;
  client: AdminClient;
  decision(id: string): Promise<Decision>;
  leases(query?: Record<string, string>): Promise<Lease[]>;
  events(query?: Record<string, string>): Promise<Event[]>;
  configuration(): Promise<Configuration>;
  revokeAll(): Promise<LeaseRevocationResult>;
}

export async function logIn(server: ServerProcess): Promise<Person> {
  const link = server.adminLink;
  if (link === undefined) throw new Error('the server printed no admin link');
  const send = createHttpSend({ env: {} });
  const anonymous = createAdminClient({
    server: server.url,
    session: undefined,
    send,
    retry: retryDefaults,
  });
  const { token } = await anonymous.call({
    method: 'POST',
    path: '/v1/sessions',
    body: { link: link.reveal() },
    schema: Session,
  });
  if (token === null) throw new Error('the server gave no token for the command line');
  return personWith(new Secret(token), server.url);
}

/** The same session at another server, or at the same after a restart. */
export function personWith(session: Secret, serverUrl: string): Person {
  const client = createAdminClient({
    server: serverUrl,
    session,
    send: createHttpSend({ env: {} }),
    retry: retryDefaults,
  });
  return {
    session,
    client,
    decision: (id) => client.call({ method: 'GET', path: `/v1/decisions/${id}`, schema: Decision }),
    async leases(query = {}) {
      const found: Lease[] = [];
      let before: string | undefined;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const { leases, next } = await client.call({
          method: 'GET',
          path: '/v1/leases',
          query: { limit: 1_000, ...query, before },
          schema: LeasePage,
        });
        found.push(...leases);
        if (next === null) return found;
        before = next;
      }
      throw new Error('more leases than a test makes');
    },
    async events(query = {}) {
      const found: Event[] = [];
      let after = 0;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const { events, next } = await client.call({
          method: 'GET',
          path: '/v1/events',
          query: { limit: 1_000, ...query, after },
          schema: EventPage,
        });
        found.push(...events);
        if (next === null) return found;
        after = next;
      }
      throw new Error('more events than a test makes');
    },
    configuration: () => client.call({ method: 'GET', path: '/v1/configuration', schema: Configuration }),
    revokeAll: () =>
      client.call({
        method: 'POST',
        path: '/v1/leases/revoke',
        body: { filter: { all: true } },
        schema: LeaseRevocationResult,
      }),
  };
}
