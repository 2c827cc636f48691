import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import type { Secret } from '#core/secret.ts';
import { type DevelopmentIssuer, startDevelopmentIssuer } from '#identity/emulator/development-issuer.ts';
import type { ShopDatabase } from './shop-database.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { findFreePort } from './wait.ts';

export interface SiteOptions {
  /** With it there is the resource `shop-db`. */
  shop?: ShopDatabase;
  /** Further entries, two spaces in. */
  identityProviders?: (site: Site) => string;
  credentialProviders?: string;
  resources?: string;
  policies?: Readonly<Record<string, string>>;
  /** Hosts, beside the issuer's, that the server may reach on loopback. */
  allowPrivateHosts?: readonly string[];
  /** The store of all its servers; default: SQLite in the data directory. */
  database?: Secret;
  /** Default: `data` in the home of the site. */
  dataFolder?: string;
}

export interface StartOptions {
  /** A further server beside the first: a port of its own, the same keys. */
  beside?: boolean;
  wrapper?: readonly string[];
  adminLink?: boolean;
}

/** One installation in a temporary folder: configuration, data, an issuer of tokens, and its servers. */
export interface Site {
  home: string;
  configFolder: string;
  dataFolder: string;
  /** Public URL: issuer, audience, and `htu` of DPoP proofs. The first server listens there. */
  url: string;
  issuer: DevelopmentIssuer;
  start(options?: StartOptions): Promise<ServerProcess>;
  /** Into the configuration folder; the server sees it by itself. */
  writeConfiguration(path: string, text: string): Promise<void>;
  /** The `vouchgate.yaml` it began with. */
  yaml: string;
  close(): Promise<void>;
}

/** The deploy job of acme/shop on main, and nobody else. */
export function permitDeploys(resource: string): string {
  return `@id("${resource}-for-deploys-from-main")
permit (
  principal in Project::"github/456789", // acme/shop
  action == Action::"issue",
  resource == Resource::"${resource}"
) when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has trigger && principal.trigger == "push" &&
  principal has environment && principal.environment.name == "production"
};
`;
}

function yamlOf(site: Omit<Site, 'yaml'>, options: SiteOptions): string {
  const { shop } = options;
  const hosts = [new URL(site.issuer.issuer).host, ...(options.allowPrivateHosts ?? [])];
  return `version: 1
url: ${site.url}
identityProviders:
  github:
    type: github-actions
    issuer: ${site.issuer.issuer}
${options.identityProviders?.(site as Site) ?? ''}credentialProviders:
  tokens:
    type: oidc-token
${shop === undefined ? '' : shop.credentialProvider}${options.credentialProviders ?? ''}resources:
  partner-api:
    credentialProvider: tokens
    ttl: 5m
    parameters: { audience: "https://partner.example" }
${shop === undefined ? '' : shop.resource}${options.resources ?? ''}network:
  allowPrivateHosts: ${JSON.stringify(hosts)}
`;
}

/** Opens it with a valid configuration; nothing runs yet but the issuer. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-e2e-'));
  const issuer = await startDevelopmentIssuer({ port: 0, clock: systemClock });
  const port = await findFreePort();
  const configFolder = join(home, 'config');
  const dataFolder = options.dataFolder ?? join(home, 'data');
  const servers: ServerProcess[] = [];
  const site: Omit<Site, 'yaml'> = {
    home,
    configFolder,
    dataFolder,
    url: `http://127.0.0.1:${port}`,
    issuer,
    async writeConfiguration(path, text) {
      await mkdir(join(configFolder, 'policies'), { recursive: true });
      await writeFile(join(configFolder, path), text);
    },
    async start({ beside = false, wrapper, adminLink = false } = {}) {
      const data = beside ? join(home, `data-${servers.length}`) : dataFolder;
      const args = ['--config', configFolder, '--data', data];
      args.push('--listen', beside ? '127.0.0.1:0' : `127.0.0.1:${port}`);
      if (beside) args.push('--master-key-file', join(dataFolder, 'master.key'));
      if (adminLink) args.push('--admin-link');
      const env: Record<string, string> = {};
      if (options.database !== undefined) env['VOUCHGATE_DATABASE_URL'] = options.database.reveal();
      if (options.shop !== undefined) env['SHOP_ADMIN_PASSWORD'] = options.shop.adminPassword.reveal();
      const server = await startServerProcess({ args, env, ...(wrapper === undefined ? {} : { wrapper }) });
      servers.push(server);
      if (/^ {2}configuration .*\(none\)$/m.test(server.stdout())) {
        throw new Error(`the configuration of the test is not valid:\n${server.stderr()}`);
      }
      return server;
    },
    async close() {
      await Promise.all(servers.map((server) => server.crash()));
      await issuer.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  const yaml = yamlOf(site, options);
  await site.writeConfiguration('vouchgate.yaml', yaml);
  const resources = options.shop === undefined ? ['partner-api'] : ['partner-api', 'shop-db'];
  for (const name of resources) await site.writeConfiguration(`policies/${name}.cedar`, permitDeploys(name));
  for (const [name, text] of Object.entries(options.policies ?? {})) {
    await site.writeConfiguration(`policies/${name}.cedar`, text);
  }
  return { ...site, yaml };
}
