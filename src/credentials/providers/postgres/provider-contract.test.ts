import { Client } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { describeCredentialProvider } from '../../credential-provider.contract.ts';
import { provider as kind } from './provider.ts';

const binaries = findPostgres();

describe.skipIf(binaries === undefined)(
  `at a real server (${binaries ?? 'SKIPPED: no postgres found; install it or set VOUCHGATE_POSTGRES_BIN'})`,
  { timeout: 60_000 },
  () => {
    let server: LocalPostgres;
    beforeAll(async () => {
      server = await startLocalPostgres({ binaries: binaries ?? '', settings: { fsync: 'off' } });
      const client = new Client({ connectionString: server.url.reveal() });
      await client.connect();
      await client.query('CREATE ROLE ci_deploy');
      await client.end();
    }, 60_000);
    afterAll(async () => server?.stop());

    async function open() {
      let isDown = false;
      const context = {
        clock: systemClock,
        log: silentLogger,
        fetch: () => Promise.reject(new Error('this provider uses no HTTP')),
        signer: {
          issuer: 'https://vouchgate.example',
          sign: () => Promise.reject(new Error('this provider signs nothing')),
        },
        sealedSecrets: { read: () => Promise.resolve(undefined) },
        resolveSecret: () => Promise.resolve(server.password),
      };
      const { host, port, superuser, password } = server;
      const settings = {
        host,
        port,
        database: 'postgres',
        adminUser: superuser,
        adminPassword: { env: 'X' },
      };
      return {
        settings,
        parameters: { memberOf: ['ci_deploy'] },
        context,
        canaries: [password.reveal()],
        takeDown: async () => {
          isDown = true;
          await server.kill();
        },
        close: async () => {
          if (isDown) await server.restart();
          // What a test leaves would be taken for its own by the next, which has the same lease ids.
          const sweeper = kind.create(kind.settings.parse(settings), context);
          await sweeper.sweepOrphans?.(() => Promise.resolve(false), AbortSignal.timeout(10_000));
          await sweeper.close();
        },
      };
    }
    describeCredentialProvider(kind, { open });
  },
);
