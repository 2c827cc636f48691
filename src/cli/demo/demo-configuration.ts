import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoDatabase } from './demo-database.ts';

/** Writes what a platform engineer would write: one issuer, one database, one resource, one policy. */
export async function writeDemoConfiguration(
  folder: string,
  options: {
    url: string;
    issuer: string;
    database: DemoDatabase;
    passwordFile: string;
    claims: { repository_id: string };
  },
): Promise<void> {
  const { url, issuer, database, passwordFile, claims } = options;
  await mkdir(join(folder, 'policies'), { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, database.adminPassword.reveal(), { mode: 0o600 });
  const group = database.adminUser.replace('vouchgate_admin', 'ci_deploy');
  await writeFile(
    join(folder, 'vouchgate.yaml'),
    `version: 1
url: ${url}
identityProviders:
  github:                        # a local issuer that signs what GitHub would sign
    type: github-actions
    issuer: ${issuer}
credentialProviders:
  shop-postgres:
    type: postgres
    host: ${database.host}
    port: ${database.port}
    database: ${database.database}
    adminUser: ${database.adminUser}
    adminPassword: { file: ${passwordFile} }
resources:
  shop-db:
    credentialProvider: shop-postgres
    description: Orders of the shop
    privileged: true
    ttl: 5m
    parameters: { memberOf: [${group}] }
network:
  allowPrivateHosts: ["${new URL(issuer).host}"]
`,
  );
  await writeFile(
    join(folder, 'policies', 'shop.cedar'),
    `@id("shop-deploys-from-main")
permit (
  principal in Project::"github/${claims.repository_id}", // acme/shop
  action == Action::"issue",
  resource == Resource::"shop-db"
) when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has trigger && principal.trigger == "push" &&
  principal has environment && principal.environment.name == "production"
};
`,
  );
}
