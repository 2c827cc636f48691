import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

export type DevelopmentAlgorithm = 'RS256' | 'ES256';

export interface PublicJwk extends Record<string, unknown> {
  kid: string;
}

/** Signing keys of a development issuer. They live in memory only and end with the process. */
export interface DevelopmentKeys {
  /** A compact JWS over exactly these members; `header` goes over the usual one (for tokens that are wrong on purpose). */
  sign(claims: object, algorithm: DevelopmentAlgorithm, header?: object): string;
  /** New keys sign from now on; the former stay published. */
  rotate(): void;
  jwks(): { keys: PublicJwk[] };
}

interface SigningKey {
  kid: string;
  algorithm: DevelopmentAlgorithm;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

/** Enough to see an overlap; an endless rotation must not grow the answer. */
const PUBLISHED_MAX = 8;

function createKey(algorithm: DevelopmentAlgorithm): SigningKey {
  const { publicKey, privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, publicJwk };
}

export function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function createDevelopmentKeys(): DevelopmentKeys {
  let published: SigningKey[] = [];
  const rotate = () => {
    published = [createKey('RS256'), createKey('ES256'), ...published].slice(0, PUBLISHED_MAX);
  };
  rotate();
  return {
    rotate,
    jwks: () => ({ keys: published.map(({ publicJwk }) => publicJwk) }),
    sign(claims, algorithm, header = {}) {
      const key = published.find((candidate) => candidate.algorithm === algorithm);
      if (key === undefined) throw new TypeError(`no ${algorithm} key`);
      const input = `${encodeJson({ typ: 'JWT', alg: algorithm, kid: key.kid, ...header })}.${encodeJson(claims)}`;
      const signature = sign('sha256', Buffer.from(input), {
        key: key.privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${input}.${signature.toString('base64url')}`;
    },
  };
}
