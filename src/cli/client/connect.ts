import { Secret } from '#core/secret.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { createAdminClient, type AdminClient } from './admin-client.ts';
import { ClientError } from './client-error.ts';
import { createHttpSend } from './http-send.ts';
import { retryDefaults } from './retry.ts';
import { parseServerUrl } from './server-url.ts';
import { readLogin } from './session-file.ts';

type Caller = CommandStreams & { global: GlobalOptions };

/** An API token for automation, or a session; in this order. */
const TOKEN_VARIABLES = ['VOUCHGATE_TOKEN', 'VOUCHGATE_SESSION_TOKEN'];

/** A client without a session, for what anyone may ask. */
export function connectAnonymously(caller: Caller): AdminClient {
  return createAdminClient({
    server: parseServerUrl(caller.global.server),
    session: undefined,
    send: createHttpSend({ env: caller.env, caFile: caller.global.caFile }),
    retry: retryDefaults,
  });
}

async function findSession(caller: Caller): Promise<{ server: string; session: Secret }> {
  const fromEnvironment = TOKEN_VARIABLES.map((name) => caller.env[name]).find((value) => value);
  if (fromEnvironment !== undefined) {
    return { server: parseServerUrl(caller.global.server), session: new Secret(fromEnvironment) };
  }
  const login = await readLogin(caller.env);
  const remedy = 'Log in with the admin link that the server printed: vouchgate login LINK.';
  if (login === undefined) throw new ClientError('session_missing', 'nobody is logged in here', { remedy });
  const server = parseServerUrl(caller.global.server ?? login.server);
  // A session goes to the server that gave it, and to no other.
  if (server !== login.server) {
    throw new ClientError('session_missing', `the stored session is for ${login.server}, not for ${server}`, {
      remedy: `${remedy} Or leave out --server and VOUCHGATE_URL.`,
    });
  }
  if (Date.parse(login.expiresAt) <= caller.clock.nowMs()) {
    throw new ClientError('session_rejected', `the session with ${server} ended at ${login.expiresAt}`, {
      remedy: 'Get a new link on the server (vouchgate up --admin-link), then: vouchgate login LINK.',
    });
  }
  return { server, session: login.token };
}

/** A client with an API token or a session of the environment, else with the session of the last login. */
export async function connectAsPerson(caller: Caller): Promise<AdminClient> {
  const { server, session } = await findSession(caller);
  return createAdminClient({
    server,
    session,
    send: createHttpSend({ env: caller.env, caFile: caller.global.caFile }),
    retry: retryDefaults,
  });
}
