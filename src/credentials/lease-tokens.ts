import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deriveSubkeys, type MasterKeys } from './sealing/master-keys.ts';

/** So that secret scanners can recognise a leaked one. */
const PREFIX = 'vgt_';

/**
 * The bearer secret that renews or revokes one lease, derived from the lease's id: it is never stored, and a
 * lost answer can be given again.
 */
export interface LeaseTokens {
  /** `vgt_` and 43 characters. */
  tokenFor(leaseId: string): string;
  /** Takes the same time wherever the first difference is. */
  matches(leaseId: string, token: string): boolean;
}

function tokenOf(key: KeyObject, leaseId: string): string {
  return PREFIX + createHmac('sha256', key).update(leaseId).digest('base64url');
}

/** Tokens of a previous master key are accepted until that key is no longer given. */
export function createLeaseTokens(masterKeys: MasterKeys): LeaseTokens {
  const { current, previous } = deriveSubkeys(masterKeys, 'lease-token');
  const keys = [current.key, ...previous.map(({ key }) => key)];
  return {
    tokenFor: (leaseId) => tokenOf(current.key, leaseId),
    matches(leaseId, token) {
      const received = Buffer.from(token);
      let found = false;
      for (const key of keys) {
        const expected = Buffer.from(tokenOf(key, leaseId));
        if (received.length === expected.length && timingSafeEqual(received, expected)) found = true;
      }
      return found;
    },
  };
}
