import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { chooseRunAs } from '#cli/local-postgres/run-as.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { Backend } from './backend.ts';
import { toCredentialError } from './backend-failure.ts';
import { connectionOptions } from './connection-options.ts';
import { PostgresSettings, sslModeOf } from './settings.ts';

const base = { host: 'db.acme.example', database: 'shop', adminUser: 'vouchgate' };
const resolveSecret = () => Promise.resolve(new Secret('from the reference'));

describe('a connection', () => {
  it.each([
    ['db.acme.example', 'verify-full'],
    ['10.0.0.1', 'verify-full'],
    ['127.0.0.1.acme.example', 'verify-full'],
    ['localhost.acme.example', 'verify-full'],
    ['localhost', 'disable'],
    ['127.0.0.9', 'disable'],
    ['::1', 'disable'],
    ['/var/run/postgresql', 'disable'],
  ])('to %s is by default %s', (host, mode) => {
    expect(sslModeOf(PostgresSettings.parse({ ...base, host }))).toBe(mode);
  });

  it('takes nothing from PGPASSWORD and its like', async () => {
    const settings = PostgresSettings.parse(base);
    const { password, ...rest } = await connectionOptions(settings, { resolveSecret }, 'shop');
    expect(rest).toMatchObject({
      host: base.host,
      user: 'vouchgate',
      database: 'shop',
      client_encoding: 'UTF8',
    });
    expect(typeof password).toBe('function');
    if (typeof password === 'function') {
      await expect(async () => password()).rejects.toMatchObject({ code: 'backend_misconfigured' });
    }
  });

  it('asks for the password each time, so that a rotated one is used', async () => {
    const settings = PostgresSettings.parse({ ...base, adminPassword: { env: 'X' } });
    let count = 0;
    const counting = () => Promise.resolve(new Secret(`password ${(count += 1)}`));
    const { password } = await connectionOptions(settings, { resolveSecret: counting }, 'shop');
    if (typeof password !== 'function') throw new Error('not asked for');
    expect([await password(), await password()]).toEqual(['password 1', 'password 2']);
  });
});

const binaries = findPostgres();
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const missing = [binaries === undefined ? 'postgres' : '', hasOpenssl ? '' : 'openssl'].filter(
  (name) => name !== '',
);

function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, ...names, '-days', '2', '-keyout', key, '-out', certificate],
    {
      stdio: 'ignore',
      timeout: 20_000,
    },
  );
  chmodSync(key, 0o600);
  const owner = chooseRunAs();
  for (const path of [folder, key, certificate])
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
  return { certificate, key };
}

describe.skipIf(missing.length > 0)(
  `a connection with TLS (${missing.length > 0 ? `SKIPPED: no ${missing.join(' and ')} found` : binaries})`,
  { timeout: 60_000 },
  () => {
    let folder = '';
    let server: LocalPostgres;
    let ca = '';
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'vouchgate-tls-'));
      const { certificate, key } = makeCertificate(folder);
      ca = readFileSync(certificate, 'utf8');
      const settings = { fsync: 'off', ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key };
      server = await startLocalPostgres({ binaries: binaries ?? '', settings });
    }, 60_000);
    afterAll(async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function usesTls(host: string, ssl: object): Promise<boolean> {
      const { port, superuser, password } = server;
      const given = {
        host,
        port,
        database: 'postgres',
        adminUser: superuser,
        adminPassword: { env: 'X' },
        ssl,
      };
      const backend = new Backend(PostgresSettings.parse(given), {
        log: silentLogger,
        resolveSecret: (reference) => Promise.resolve('file' in reference ? new Secret(ca) : password),
      });
      try {
        const [rows] = await backend.withSession('postgres', AbortSignal.timeout(10_000), (session) =>
          session.run('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'),
        );
        return rows?.[0]?.['ssl'] === true;
      } catch (error) {
        throw toCredentialError(error, { server: host, doing: 'Connecting' });
      } finally {
        await backend.close();
      }
    }

    it('is made when the chain and the name are right', async () => {
      expect(await usesTls('localhost', { mode: 'verify-full', ca })).toBe(true);
      expect(await usesTls('localhost', { mode: 'verify-full', ca: { file: 'ca.pem' } })).toBe(true);
    });

    it.each([
      ['the authority is unknown', 'localhost', 'verify-full', false],
      ['the authority is unknown and the name does not matter', 'localhost', 'verify-ca', false],
      ['the certificate is for another name', '127.0.0.1', 'verify-full', true],
    ])('is refused when %s', async (_, host, mode, withAuthority) => {
      const ssl = withAuthority ? { mode, ca } : { mode };
      await expect(usesTls(host, ssl)).rejects.toMatchObject({ code: 'backend_misconfigured' });
    });

    it('goes without the name where only the chain is asked for', async () => {
      expect(await usesTls('127.0.0.1', { mode: 'verify-ca', ca })).toBe(true);
    });
  },
);
