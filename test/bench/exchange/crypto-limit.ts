import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';

const MESSAGE_BYTES = 1_400;
const LOOP_MS = 1_500;

/** CPU of one RS256 verification and one ES256 signature: what no exchange can be cheaper than. Microseconds. */
export interface CryptoLimit {
  opensslPairMicros: number | undefined;
  nodePairMicros: number;
}

export function measureCryptoLimit(): CryptoLimit {
  const rsa = opensslMicros('rsa2048', 'verify');
  const ecdsa = opensslMicros('ecdsap256', 'sign');
  return {
    opensslPairMicros: rsa === undefined || ecdsa === undefined ? undefined : rsa + ecdsa,
    nodePairMicros: nodePairMicros(),
  };
}

/** `openssl speed` prints operations per second: `sign/s verify/s` are the last two columns. */
function opensslMicros(algorithm: string, operation: 'sign' | 'verify'): number | undefined {
  const run = spawnSync('openssl', ['speed', '-seconds', '2', algorithm], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const line = run.stdout?.split('\n').findLast((text) => /\d+\.\d+s\s+\d+\.\d+s/.test(text));
  const columns = line?.trim().split(/\s+/).map(Number) ?? [];
  const perSecond = columns.at(operation === 'sign' ? -2 : -1);
  return perSecond === undefined || !(perSecond > 0) ? undefined : 1_000_000 / perSecond;
}

function nodePairMicros(): number {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const message = createHash('shake256', { outputLength: MESSAGE_BYTES }).update('message').digest();
  const signature = sign('sha256', message, rsa.privateKey);
  const ecKey = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  let pairs = 0;
  const startMs = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - startMs < LOOP_MS) {
    for (let index = 0; index < 50; index += 1) {
      verify('sha256', message, rsa.publicKey, signature);
      sign('sha256', message, ecKey);
    }
    pairs += 50;
  }
  const used = process.cpuUsage(before);
  return (used.user + used.system) / pairs;
}
