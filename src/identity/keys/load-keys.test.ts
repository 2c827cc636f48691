import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { loadKeys } from './load-keys.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Loads the keys of an issuer on loopback over the real fetch, which may speak to that issuer only. */
async function load(answer: (issuer: string) => RequestListener): Promise<unknown> {
  const server = createServer((request, response) => answer(issuer)(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const trust = { allowPrivateHosts: [`127.0.0.1:${address.port}`] };
  const bounded = createBoundedFetch({ clock: systemClock, log: silentLogger, trust });
  closers.push(
    () => bounded.close(),
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return loadKeys({ issuer, jwksUri: undefined }, bounded.fetch, new AbortController().signal);
}

describe('loading keys over the real network', () => {
  test('follows no redirect to the metadata service of a cloud', async () => {
    const loading = load(() => (_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    await expect(loading).rejects.toMatchObject({
      code: 'discovery_failed',
      cause: { code: 'fetch_redirect_forbidden' },
    });
  });

  test.each(['https://169.254.169.254/keys', 'https://[::ffff:10.0.0.1]/keys', 'https://localhost/keys'])(
    'does not take keys from %s because a discovery document says so',
    async (jwksUri) => {
      const loading = load((issuer) => (_, response) => {
        response.end(JSON.stringify({ issuer, jwks_uri: jwksUri }));
      });
      await expect(loading).rejects.toMatchObject({
        code: 'jwks_failed',
        cause: { code: 'fetch_address_forbidden' },
      });
    },
  );

  test('reads no more than 64 KiB of a discovery document', async () => {
    const loading = load((issuer) => (_, response) => {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, filler: 'x'.repeat(100 * 1_024) }));
    });
    await expect(loading).rejects.toMatchObject({
      code: 'discovery_failed',
      cause: { code: 'fetch_too_large' },
    });
  });
});
