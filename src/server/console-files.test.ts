import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleFiles, NONCE_PLACEHOLDER } from './console-files.ts';
import { createTestPeople } from './people/people.fake.ts';
import { problemIn, startTestServer, type TestServer } from './server.fake.ts';

const SCRIPT = Buffer.from('console.log("the console");');
const built: ConsoleFiles = {
  files: new Map([
    [
      'assets/index-a1b2c3d4.js',
      {
        mediaType: 'text/javascript; charset=utf-8',
        plain: SCRIPT,
        brotli: brotliCompressSync(SCRIPT),
        gzip: gzipSync(SCRIPT),
        immutable: true,
      },
    ],
    ['icon.svg', { mediaType: 'image/svg+xml', plain: Buffer.from('<svg/>'), immutable: false }],
  ]),
  index: `<!doctype html><meta name="csp-nonce" content="${NONCE_PLACEHOLDER}"><div id="root"></div>`,
};

let server: TestServer;
beforeAll(async () => {
  const { dependencies } = await createTestPeople();
  server = await startTestServer({ people: { ...dependencies, consoleFiles: built } });
});
afterAll(() => server.close());

describe('the console', () => {
  it.each([
    '/console/',
    '/console/findings',
    '/console/repositories/acme/shop',
    '/console/settings/sessions',
  ])('is one page at %s, with a nonce of its own in each answer', async (path) => {
    const answers = [await server.call({ path }), await server.call({ path })];
    const nonces = answers.map(({ text }) => /content="([^"]+)"/.exec(text)?.[1] ?? '');
    expect(new Set(nonces).size).toBe(2);
    for (const [at, { status, headers }] of answers.entries()) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonces[at]}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      );
      expect(String(headers['permissions-policy'])).toContain('camera=()');
    }
  });

  it.each([
    [undefined, undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['identity', undefined],
  ])('goes out compressed as the browser can read it: %s', async (accepted, expected) => {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const answer = await server.call({ path: '/console/assets/index-a1b2c3d4.js', headers });
    expect(answer.headers['content-encoding']).toBe(expected);
    expect(answer.headers['vary']).toBe('Accept-Encoding');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    if (expected === 'br') expect(brotliDecompressSync(answer.bytes)).toEqual(SCRIPT);
    if (expected === undefined) expect(answer.bytes).toEqual(SCRIPT);
  });

  it('asks again for files whose name stays the same', async () => {
    const answer = await server.call({ path: '/console/icon.svg' });
    expect(answer.headers['cache-control']).toBe('no-cache');
    // An image that somebody opens on its own runs nothing.
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/);
  });

  it.each([
    '/console/assets/index-00000000.js',
    '/console/assets/x',
    '/console/missing.js',
    '/console/..%2f..%2fetc%2fpasswd.txt',
    '/console/%2e%2e/package.json',
    '/console/__proto__.js',
  ])('has no file %s', async (path) => {
    expect(problemIn(await server.call({ path })).status).toBe(404);
  });

  it('is where the server leads people to', async () => {
    for (const path of ['/', '/console']) {
      const { status, headers } = await server.call({ path });
      expect([status, headers['location']]).toEqual([303, '/console/']);
    }
  });

  it('that was not built is said to be so, and the server tells what it is', async () => {
    const bare = await startTestServer();
    try {
      const problem = problemIn(await bare.call({ path: '/console/' }));
      expect([problem.status, problem.remedy]).toEqual([404, expect.stringContaining('build:console')]);
      expect((await bare.call({ path: '/' })).text).toContain('<h1>Vouchgate</h1>');
    } finally {
      await bare.close();
    }
  });
});
