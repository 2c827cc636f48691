import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { Secret } from '#core/secret.ts';
import type { CredentialProvider, CredentialProviderKind, Handle } from '#credentials/provider.ts';

/** A database server with roles: what is `live` in it could be used by somebody. */
export interface FakeBackend {
  /** Lease to the end of its credential. */
  readonly live: Map<string, number>;
  issued: number;
  /** Set to make every call fail, or hang (`undefined` again to let it work). */
  trouble: 'refuses' | 'unavailable' | 'hangs' | undefined;
  /** Set to hold answers of `issue` until it resolves. */
  gate: Promise<void> | undefined;
}

export function createFakeBackend(): FakeBackend {
  return { live: new Map(), issued: 0, trouble: undefined, gate: undefined };
}

function leaseOf(handle: Handle): string {
  if (typeof handle['lease'] !== 'string')
    throw new AppError('credential_handle_invalid', 'Not a handle of this provider.');
  return handle['lease'];
}

async function meetTrouble({ trouble }: FakeBackend): Promise<void> {
  if (trouble === 'hangs') await new Promise(() => {});
  if (trouble === 'unavailable') throw new AppError('backend_unavailable', 'The fake is down.');
  if (trouble === 'refuses') throw new AppError('backend_refused', 'The fake said no.');
}

export function createFakeProvider(backend: FakeBackend): CredentialProvider {
  return {
    plan: ({ leaseId }) => ({ lease: leaseId, role: `vg_${leaseId.slice(-6)}` }),
    async issue({ leaseId, issuedAtMs, ttlSeconds }, handle) {
      if (leaseOf(handle) !== leaseId)
        throw new AppError('credential_handle_invalid', 'The handle is of another lease.');
      await meetTrouble(backend);
      // Ignores its signal on purpose: the worst provider that there can be.
      await backend.gate;
      backend.issued += 1;
      const expiresAtMs = issuedAtMs + ttlSeconds * 1_000;
      backend.live.set(leaseId, expiresAtMs);
      return {
        values: { username: String(handle['role']), password: new Secret(`secret-${backend.issued}`) },
        environment: { PGUSER: 'username', PGPASSWORD: 'password' },
        expiresAtMs,
      };
    },
    async renew(handle, expiresAtMs) {
      await meetTrouble(backend);
      if (!backend.live.has(leaseOf(handle))) throw new AppError('backend_refused', 'There is no such role.');
      backend.live.set(leaseOf(handle), expiresAtMs);
    },
    async revoke(handle) {
      await meetTrouble(backend);
      backend.live.delete(leaseOf(handle));
    },
    async sweepOrphans(isLive) {
      const removed: string[] = [];
      for (const lease of backend.live.keys()) {
        if (await isLive({ lease })) continue;
        backend.live.delete(lease);
        removed.push(lease);
      }
      return removed;
    },
    check: async () => [],
    close: async () => {},
  };
}

const common = {
  title: 'Fake',
  description: 'For tests.',
  settings: z.object({}),
  parameters: z.object({}),
  stored: false,
  ttlSeconds: { default: 600, min: 60, max: 3_600 },
  issuedTokenType: 'urn:test',
  securityConsiderations: [],
  create: () => {
    throw new Error('The test brings the provider.');
  },
} as const;

/** A back-end is changed, and what it made can be renewed and undone. */
export const externalKind: CredentialProviderKind = {
  ...common,
  id: 'fake-external',
  effect: 'external',
  revocable: true,
  renewable: true,
};

/** A back-end is asked, and what it gave ends by itself. */
export const irrevocableKind: CredentialProviderKind = {
  ...common,
  id: 'fake-irrevocable',
  effect: 'external',
  revocable: false,
  renewable: false,
};

/** Minted in our own memory. */
export const mintedKind: CredentialProviderKind = {
  ...common,
  id: 'fake-minted',
  effect: 'none',
  revocable: false,
  renewable: false,
};
