import pg from 'pg';
import { startDemoDatabase } from '#cli/demo/demo-database.ts';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { Secret } from '#core/secret.ts';

export const postgresBinaries = findPostgres();
/** For the name of a suite, so that whoever reads the result sees what was left out. */
export const postgresNote =
  postgresBinaries ?? 'SKIPPED: no postgres found; install it or set VOUCHGATE_POSTGRES_BIN';

/** The back-end of `shop-db`: three orders, one administrator, one group. */
export interface ShopDatabase {
  adminPassword: Secret;
  /** Entry of `credentialProviders`; the password comes by the environment. */
  credentialProvider: string;
  /** Entry of `resources`. */
  resource: string;
  /** Names of the roles of leases. */
  roles(): Promise<string[]>;
  /** What a job can do with these values of a credential: its own name and how many orders it sees. */
  query(values: { username: string; password: string }): Promise<{ role: string; orders: number }>;
  stop(): Promise<void>;
}

/** A PostgreSQL of the test's own; unsynchronised, as its data may be lost, but not its promises to a client. */
export function startPostgres(): Promise<LocalPostgres> {
  return startLocalPostgres({
    binaries: postgresBinaries ?? '',
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
}

/** An empty database for the store of a site. */
export async function createStoreDatabase(server: LocalPostgres, name: string): Promise<Secret> {
  const client = new pg.Client({ connectionString: server.url.reveal() });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return new Secret(server.url.reveal().replace(/postgres$/, name));
}

export async function openShop(server: LocalPostgres, ttl = '30s'): Promise<ShopDatabase> {
  const database = await startDemoDatabase(server.url.reveal(), () => {});
  const group = database.adminUser.replace('vouchgate_admin', 'ci_deploy');
  const { host, port } = database;
  return {
    adminPassword: database.adminPassword,
    credentialProvider: `  shop-postgres:
    type: postgres
    host: ${host}
    port: ${port}
    database: ${database.database}
    adminUser: ${database.adminUser}
    adminPassword: { env: SHOP_ADMIN_PASSWORD }
`,
    resource: `  shop-db:
    credentialProvider: shop-postgres
    privileged: true
    ttl: ${ttl}
    ttlMax: 10m
    parameters: { memberOf: [${group}] }
`,
    roles: () => database.dynamicRoles(),
    async query({ username: user, password }) {
      const client = new pg.Client({ host, port, user, password, database: database.database });
      await client.connect();
      try {
        const { rows } = await client.query<{ role: string; orders: string }>(
          'SELECT current_user AS role, count(*) AS orders FROM orders',
        );
        return { role: rows[0]?.role ?? '', orders: Number(rows[0]?.orders) };
      } finally {
        await client.end();
      }
    },
    stop: () => database.stop(),
  };
}
