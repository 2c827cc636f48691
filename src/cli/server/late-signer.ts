import type { KeyRing } from '#credentials/issuer/key-ring.ts';

/** The configuration may name providers that sign before the issuer's URL is known from that very configuration. */
export function lateSigner(issuer: { ring?: KeyRing }): Pick<KeyRing, 'issuer' | 'sign'> {
  const ring = (): KeyRing => {
    if (issuer.ring === undefined) throw new Error('nothing is signed before the server has started');
    return issuer.ring;
  };
  return {
    get issuer() {
      return ring().issuer;
    },
    sign: (claims, algorithm) => ring().sign(claims, algorithm),
  };
}
