import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';

/** Signs tokens as GitHub would, with a key that the server has pinned: no network is part of the figure. */
export interface TokenFactory {
  issuer: string;
  publicJwk: Record<string, unknown>;
  next(): string;
}

const REPOSITORIES = 1_000;

export function createTokenFactory(algorithm: 'RS256' | 'ES256', audience: string): TokenFactory {
  const keys: { publicKey: KeyObject; privateKey: KeyObject } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'https://issuer.bench.example';
  const header = encode({ alg: algorithm, typ: 'JWT', kid: 'bench' });
  let count = 0;
  return {
    issuer,
    publicJwk: { ...keys.publicKey.export({ format: 'jwk' }), kid: 'bench', alg: algorithm, use: 'sig' },
    next() {
      count += 1;
      const repository = count % REPOSITORIES;
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const claims = {
        ...githubActionsClaims({
          repository: `acme/r${repository}`,
          repository_id: String(1_000 + repository),
        }),
        iss: issuer,
        aud: audience,
        jti: randomUUID(),
        iat: nowSeconds,
        nbf: nowSeconds,
        exp: nowSeconds + 3_600,
      };
      const input = `${header}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(input), {
        key: keys.privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${input}.${signature.toString('base64url')}`;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
