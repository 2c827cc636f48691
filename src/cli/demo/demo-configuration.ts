import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoDatabase } from './demo-database.ts';

/** What the scenes need of a configuration, whatever else stands in it. */
export interface DemoSections {
  readonly credentialProviders: string;
  readonly resources: string;
  readonly policies: Readonly<Record<string, string>>;
}

/** The shop's database, and who may have it: one credential provider, one resource, one policy. */
export async function writeDemoSections(
  database: DemoDatabase,
  passwordFile: string,
  claims: { repository_id: string },
): Promise<DemoSections> {
  await writeFile(passwordFile, database.adminPassword.reveal(), { mode: 0o600 });
  const group = database.adminUser.replace('vouchgate_admin', 'ci_deploy');
  return {
    credentialProviders: `  shop-postgres:
    type: postgres
    host: ${database.host}
    port: ${database.port}
    database: ${database.database}
    adminUser: ${database.adminUser}
    adminPassword: { file: ${passwordFile} }
`,
    resources: `  shop-db:
    credentialProvider: shop-postgres
    description: Orders of the shop
    privileged: true
    ttl: 5m
    ttlMax: 30m
    parameters: { memberOf: [${group}] }
`,
    policies: {
      'policies/shop-database.cedar': `@id("shop-deploys-from-main")
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
    },
  };
}

/** Writes what a platform engineer would write: one issuer, and what the scenes need. */
export async function writeDemoConfiguration(
  folder: string,
  { url, issuer, sections }: { url: string; issuer: string; sections: DemoSections },
): Promise<void> {
  const yaml = `version: 1
url: ${url}
identityProviders:
  github:                        # a local issuer that signs what GitHub would sign
    type: github-actions
    issuer: ${issuer}
credentialProviders:
${sections.credentialProviders}resources:
${sections.resources}network:
  allowPrivateHosts: ["${new URL(issuer).host}"]
`;
  await mkdir(join(folder, 'policies'), { recursive: true, mode: 0o700 });
  for (const [file, text] of Object.entries({ 'vouchgate.yaml': yaml, ...sections.policies }))
    await writeFile(join(folder, file), text);
}
