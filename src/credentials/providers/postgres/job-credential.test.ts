import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { jobCredential } from './job-credential.ts';
import { PostgresParameters, PostgresSettings } from './settings.ts';

function credentialFor(settings: object, parameters: object = {}) {
  return jobCredential(
    PostgresSettings.parse({
      host: 'db.acme.example',
      database: 'shop',
      adminUser: 'vouchgate',
      ...settings,
    }),
    PostgresParameters.parse({ memberOf: ['ci'], ...parameters }),
    { username: 'vg_shop_1', password: new Secret('p@ss/word'), expiresAtMs: 1_000 },
  );
}

describe('what a job gets', () => {
  it('is what libpq reads, and the URL where it is asked for', () => {
    const { values, environment, expiresAtMs } = credentialFor({}, { databaseUrl: true });
    expect(expiresAtMs).toBe(1_000);
    expect(environment['DATABASE_URL']).toBe('url');
    expect(credentialFor({}).environment).not.toHaveProperty('DATABASE_URL');
    expect(values).toMatchObject({
      host: 'db.acme.example',
      port: '5432',
      database: 'shop',
      sslmode: 'verify-full',
    });
  });

  it('is the way that jobs take to the server, not ours', () => {
    const { values } = credentialFor(
      {
        host: '127.0.0.1',
        jobHost: 'db.public.example',
        jobPort: 6_432,
        ssl: { mode: 'disable', jobMode: 'require' },
      },
      { database: 'other' },
    );
    expect(values).toMatchObject({
      host: 'db.public.example',
      port: '6432',
      database: 'other',
      sslmode: 'require',
    });
  });

  it.each([
    ['db.acme.example', 'shop'],
    ['2001:db8::1', 'shop'],
    ['/var/run/postgresql', 'shop'],
    // node-postgres leaves /, ? and # encoded in a database's name; libpq does not.
    ['localhost', 'a b"é💥%'],
  ])('has a URL that leads to %s and database %s', (host, database) => {
    const { url } = credentialFor({ host, database, ssl: { mode: 'disable' } }).values;
    const client = new Client({ connectionString: url instanceof Secret ? url.reveal() : '' });
    expect(client.host.replace(/[[\]]/g, '')).toBe(host);
    expect(client).toMatchObject({ port: 5_432, database, user: 'vg_shop_1', password: 'p@ss/word' });
  });
});
