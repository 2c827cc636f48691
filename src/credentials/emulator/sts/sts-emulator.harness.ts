import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { z } from 'zod';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { EXAMPLE_NOW_MS } from '../../credential-provider.fakes.ts';
import { buildDiscoveryDocument } from '../../issuer/discovery.ts';
import { createKeyRing, type KeyRing } from '../../issuer/key-ring.ts';
import { createFakeSigningKeyStore } from '../../issuer/signing-key-store.fake.ts';
import { createSealer } from '../../sealing/envelope.ts';
import type { StsEmulatorConfiguration } from './configuration.ts';
import { type StsEmulator, startStsEmulator } from './sts-emulator.ts';

export const ROLE_ARN = 'arn:aws:iam::123456789012:role/ci/deploy';
export const AUDIENCE = 'sts.amazonaws.com';

type Trust = z.input<typeof StsEmulatorConfiguration>['roles'][number]['trustPolicy'];

export interface StsHarness {
  emulator: StsEmulator;
  keyRing: KeyRing;
  issuer: string;
  /** The issuer without its scheme, as IAM names it. */
  providerName: string;
  clock: { now: number; nowMs(): number };
  fetch: ReturnType<typeof createBoundedFetch>['fetch'];
  /** Takes the issuer's own server away, as a firewall would. */
  stopIssuer(): Promise<void>;
  close(): Promise<void>;
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A real issuer that serves its keys on loopback, and an emulator that trusts it. */
export async function startStsHarness(trustFor: (providerName: string) => Trust): Promise<StsHarness> {
  const clock = { now: EXAMPLE_NOW_MS, nowMs: () => clock.now };
  const documents = new Map<string, () => object>();
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '');
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document?.() ?? {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const keyRing = createKeyRing({
    store: createFakeSigningKeyStore(),
    sealer: createSealer(randomBytes(32)),
    clock,
    log: silentLogger,
    issuer,
    algorithms: ['ES256', 'RS256'],
    rotationSeconds: 2_592_000,
    overlapSeconds: 3_900,
    onEvent: async () => {},
  });
  documents.set('/.well-known/openid-configuration', () => buildDiscoveryDocument(issuer));
  documents.set('/.well-known/jwks.json', () => keyRing.jwks());
  const outward = createBoundedFetch({
    clock,
    log: silentLogger,
    trust: { allowPrivateHosts: ['127.0.0.1'] },
  });
  const providerName = issuer.replace('http://', '');
  const emulator = await startStsEmulator({
    clock,
    fetch: outward.fetch,
    providers: [{ issuer, audiences: [AUDIENCE] }],
    roles: [{ arn: ROLE_ARN, trustPolicy: trustFor(providerName) }],
  });
  return {
    emulator,
    keyRing,
    issuer,
    providerName,
    clock,
    fetch: outward.fetch,
    stopIssuer: () => closeServer(server),
    async close() {
      await Promise.all([emulator.close(), keyRing.close(), closeServer(server), outward.close()]);
    },
  };
}
