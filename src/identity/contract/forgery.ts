import type { TokenRefusalCode } from '../refusal.ts';
import { type ForgeKey, forge } from './token-forge.ts';

type Claims = Readonly<Record<string, unknown>>;

/** What a forger has: the claims of an accepted token, the issuer's keys, and a key of its own. */
export interface Forgery {
  claims: Claims;
  audience: string;
  /** Seconds at which the token is presented; the provider's leeway is 30 s, its lifetime cap `lifetimeSecondsMax`. */
  now: number;
  lifetimeSecondsMax: number;
  rsa: ForgeKey;
  ec: ForgeKey;
  /** Published under one `kid`, twice. */
  twin: ForgeKey;
  /** Published with `use: enc`. */
  encryption: ForgeKey;
  /** Published, 1,024 bits. */
  weak: ForgeKey;
  stranger: ForgeKey;
}

export interface HostileToken {
  name: string;
  code: TokenRefusalCode;
  forge: (forgery: Forgery) => string;
}

export function header(key: ForgeKey, more: object = {}): object {
  return { typ: 'JWT', alg: key.algorithm, kid: key.kid, ...more };
}

export function withHeader(more: object): HostileToken['forge'] {
  return ({ rsa, claims }) => forge(header(rsa, more), claims, rsa);
}

export function withClaims(change: object | ((forgery: Forgery) => object)): HostileToken['forge'] {
  return (forgery) => {
    const { rsa, claims } = forgery;
    const changed = typeof change === 'function' ? change(forgery) : change;
    return forge(header(rsa), { ...claims, ...changed }, rsa);
  };
}
