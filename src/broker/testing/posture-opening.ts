import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { createFakeSigner } from '#credentials/credential-provider.fakes.ts';
import type { RuntimeDependencies } from '../configuration/build-runtime.ts';
import type { PostureOpener } from '../configuration/posture-opener.ts';

interface Opened {
  policy: string | undefined;
  closed: boolean;
}

/** Remembers what was opened with which policy, and whether it was closed. */
export function openedBy(): { opened: Opened[]; opener: PostureOpener } {
  const opened: Opened[] = [];
  const opener: PostureOpener = {
    check: () => [],
    open(_section, policy) {
      const entry: Opened = { policy, closed: false };
      opened.push(entry);
      return {
        postureOf: () => ({ known: false, reason: 'a fake knows nothing', retryable: false }),
        async close() {
          if (entry.closed) throw new Error('closed twice');
          entry.closed = true;
        },
      };
    },
  };
  return { opened, opener };
}

/** What a runtime needs beside, with a network that reaches nothing. */
export function createRuntimeDependencies(): RuntimeDependencies {
  return {
    clock: systemClock,
    log: silentLogger,
    signer: createFakeSigner(),
    sealedSecrets: { read: async () => undefined },
    resolveSecret: () => Promise.reject(new Error('no secret here')),
    openFetch: () => ({ fetch: () => Promise.reject(new Error('no network here')), close: async () => {} }),
  };
}
