import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { PeopleInForce } from '#people/settings.ts';
import { createSignIn } from '#people/sign-in/sign-in.ts';
import { compilePeoplePolicies } from '#policy/people/compile-people-policies.ts';
import { PolicyError } from '#policy/problem.ts';
import type { PeopleDependencies } from '#server/people/dependencies.ts';
import { readToolVersion } from '../../tool-version.ts';
import type { Timers } from '../timers.ts';
import { readConsoleFolder } from './console-folder.ts';
import type { ConsoleOptions } from './open-console.ts';

const TIDY_SECONDS = 3_600;
/** How long what has ended can still be looked at. */
const KEPT_MS = 30 * 86_400_000;

export interface OpenPeople {
  readonly dependencies: { people: PeopleDependencies };
  work(timers: Timers): void;
  close(): Promise<void>;
}

/** Without a configuration there is the admin link, whose owner may mend it. */
async function builtIn(): Promise<PeopleInForce> {
  const compilation = await compilePeoplePolicies([], new Set());
  if (!compilation.ok) {
    throw new PolicyError('policy_compiler_failed', 'The built-in policies for people are not valid.');
  }
  const sessions = { lifetime: 12 * 3_600, idle: 3_600 };
  return { policy: compilation.policy, settings: { sessions, roles: [], teams: {} } };
}

/** The settings that are in force as one object each: who compares them sees at once that nothing changed. */
function createInForce(manager: ConfigurationManager): () => Promise<PeopleInForce> {
  let fallback: Promise<PeopleInForce> | undefined;
  return async () => manager.configuration()?.people ?? (fallback ??= builtIn());
}

/** One way to the network; made anew when other private hosts are allowed. */
function createSwitchedFetch({ manager, openFetch }: ConsoleOptions) {
  let open: { key: string; network: ReturnType<ConsoleOptions['openFetch']> } | undefined;
  const fetch: BoundedFetch = async (url, request) => {
    const allowed = manager.configuration()?.allowPrivateHosts ?? [];
    const key = JSON.stringify(allowed);
    if (open?.key !== key) {
      const former = open?.network;
      open = { key, network: openFetch(allowed) };
      await former?.close();
    }
    return open.network.fetch(url, request);
  };
  return { fetch, close: async () => open?.network.close() };
}

export function openPeople(options: ConsoleOptions): OpenPeople {
  const { storage, publicUrl, masterKey, resolveSecret, clock, log } = options;
  const network = createSwitchedFetch(options);
  const signIn = createSignIn({
    redirectUri: `${publicUrl}/auth/callback`,
    masterKey,
    fetch: network.fetch,
    resolveSecret,
    clock,
    log,
  });
  return {
    dependencies: {
      people: {
        inForce: createInForce(options.manager),
        apiTokens: storage.apiTokens,
        signIn,
        version: readToolVersion(),
        consoleFiles:
          options.consoleFolder === undefined ? undefined : readConsoleFolder(options.consoleFolder),
      },
    },
    work: (timers) =>
      timers.every(TIDY_SECONDS, 'people', () => storage.sessions.removeEnded(clock.nowMs() - KEPT_MS)),
    close: network.close,
  };
}
