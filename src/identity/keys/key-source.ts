import type { SignatureAlgorithm } from '../jose/algorithms.ts';
import { createKeySet, type KeyChoice } from './key-set.ts';

/** `retryable`: the keys could not be looked up now, or may be published soon. */
export type KeySelection =
  | Extract<KeyChoice, { ok: true }>
  | {
      ok: false;
      code: Extract<KeyChoice, { ok: false }>['code'] | 'token_keys_unavailable';
      retryable: boolean;
    };

/** Where the keys of one issuer come from. */
export interface KeySource {
  /** Answers at once when the keys are at hand, so that the common case costs no turn of the event loop. */
  select(kid: string | undefined, algorithm: SignatureAlgorithm): KeySelection | Promise<KeySelection>;
  /** Gives up what is under way. */
  close(): void;
}

/** Keys that an operator pinned: nothing is ever fetched, for issuers that cannot be reached from here. */
export function createPinnedKeySource(jwks: readonly unknown[]): KeySource {
  const keys = createKeySet(jwks);
  return {
    select(kid, algorithm) {
      const choice = keys.choose(kid, algorithm);
      return choice.ok ? choice : { ok: false, code: choice.code, retryable: false };
    },
    close() {},
  };
}
