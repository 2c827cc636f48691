import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TokenError, TokenResponse } from '#api/token-exchange.ts';
import { systemClock } from '#core/clock.ts';
import { githubActionsClaims, startDevelopmentIssuer } from '#identity/emulator/development-issuer.ts';
import { formatParagraph } from '../layout.ts';
import { type DemoEnvironment, runVouchgate, startVouchgate } from './child-processes.ts';
import { writeDemoConfiguration } from './demo-configuration.ts';
import { type DemoDatabase, startDemoDatabase } from './demo-database.ts';
import { createNarrator, type Narrator } from './narrator.ts';

const PREFERRED_PORT = 8440;
const JOB = fileURLToPath(new URL('./demo-job.ts', import.meta.url));

type Issuer = Awaited<ReturnType<typeof startDevelopmentIssuer>>;

interface Scene {
  narrator: Narrator;
  url: string;
  issuer: Issuer;
  database: DemoDatabase;
  home: string;
}

const undo: (() => Promise<unknown>)[] = [];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean', default: false }, database: { type: 'string' } },
  });
  const narrator = createNarrator(
    process.stdout,
    process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  );
  narrator.heading('Vouchgate: a pipeline job gets database access, with no stored secret');
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-demo-'));
  undo.push(() => rm(home, { recursive: true, force: true }));
  const database = await narrator.step(
    'starting PostgreSQL',
    () => startDemoDatabase(values.database, () => {}),
    (started) => started.description,
  );
  undo.push(() => database.stop());
  const issuer = await narrator.step(
    'starting an OIDC issuer',
    () => startDevelopmentIssuer({ port: 0, clock: systemClock }),
    () => 'a local OIDC issuer that signs what GitHub Actions signs',
  );
  undo.push(() => issuer.close());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const claims = { repository_id: String(githubActionsClaims({}).repository_id) };
  await writeDemoConfiguration(join(home, 'config'), {
    url,
    issuer: issuer.issuer,
    database,
    passwordFile: join(home, 'pg-admin'),
    claims,
  });
  const server = await narrator.step(
    'starting Vouchgate',
    () =>
      startVouchgate(
        [
          'up',
          '--data',
          join(home, 'data'),
          '--config',
          join(home, 'config'),
          '--listen',
          `127.0.0.1:${port}`,
        ],
        {},
      ),
    () => `Vouchgate on ${url} (embedded store)`,
  );
  undo.push(() => server.stop());

  const scene: Scene = { narrator, url, issuer, database, home };
  await playDeploy(scene);
  await playReplay(scene);
  await playPullRequest(scene);
  await showRecord(scene, server.greeting);
  if (values.once) return;
  narrator.heading('The server stays up. What next?');
  narrator.say('Look around in another shell:');
  narrator.command(`export VOUCHGATE_URL=${url} XDG_CONFIG_HOME=${home}`);
  narrator.command('npx vouchgate leases list');
  narrator.command('npx vouchgate audit list --follow');
  narrator.say(`The policy is ${join(home, 'config', 'policies', 'shop.cedar')}: a change counts at once.`);
  narrator.say('To guard your own pipeline: docs/guides/getting-started.md');
  narrator.say('Ctrl-C ends it and removes everything.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** A job as the platform would start it: where to ask for its token, and nothing else that is secret. */
function jobEnvironment(scene: Scene, claims: Record<string, string>): DemoEnvironment {
  const job = scene.issuer.registerJob({ platform: 'github-actions', claims: githubActionsClaims(claims) });
  return {
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
    VOUCHGATE_URL: scene.url,
    XDG_CONFIG_HOME: scene.home,
  };
}

const DEPLOY = { ref: 'refs/heads/main', event_name: 'push', environment: 'production' };

async function playDeploy(scene: Scene): Promise<void> {
  const { narrator, database } = scene;
  narrator.heading('1. The deploy job of acme/shop, on main, asks for the database');
  narrator.command('vouchgate run --resource shop-db -- node deploy.js');
  const watched = watchRoles(database);
  const run = await runVouchgate(
    ['run', '--resource', 'shop-db', '--', process.execPath, JOB],
    jobEnvironment(scene, DEPLOY),
  );
  const seen = await watched();
  narrator.quote(withoutCommands(run.output));
  if (run.code !== 0) throw new Error('the deploy job should have been let through');
  const left = await database.dynamicRoles();
  narrator.say(`In PostgreSQL while it ran: ${seen.join(', ') || 'no role'}.`);
  narrator.say(`Now: ${left.join(', ') || 'no role is left'}.`);
  if (left.length > 0 || seen.length === 0) throw new Error('the role should have been there, and be gone');
}

/** Workflow commands (`::add-mask::…`) are for the runner, which hides them from the log. */
function withoutCommands(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('::'))
    .join('\n');
}

function watchRoles(database: DemoDatabase): () => Promise<string[]> {
  const seen = new Set<string>();
  const watching = new AbortController();
  const looking = (async () => {
    while (!watching.signal.aborted) {
      for (const role of await database.dynamicRoles()) seen.add(role);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })();
  return async () => {
    watching.abort();
    await looking;
    return [...seen];
  };
}

async function playReplay(scene: Scene): Promise<void> {
  const { narrator } = scene;
  narrator.heading('2. Somebody copies a token and uses it a second time');
  const token = scene.issuer.issueToken({ ...githubActionsClaims(DEPLOY), aud: scene.url });
  const exchange = async (): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${scene.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'shop-db',
      }),
    });
    return { status: response.status, text: await response.text() };
  };
  narrator.command('curl -X POST …/oauth2/token -d subject_token=$STOLEN -d audience=shop-db');
  const first = await exchange();
  const issued = TokenResponse.parse(JSON.parse(first.text));
  narrator.quote(`${first.status} issued (${issued.decision})`);
  narrator.command('curl -X POST …/oauth2/token -d subject_token=$STOLEN -d audience=shop-db');
  const second = await exchange();
  const refused = TokenError.parse(JSON.parse(second.text));
  narrator.quote(refusalText(second.status, refused));
  if (refused.reason !== 'token_replayed') throw new Error('the second use should have been refused');
  await fetch(`${scene.url}/v1/leases/${issued.lease.id}/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${issued.lease.token}` },
  });
}

function refusalText(status: number, refused: TokenError): string {
  const what = formatParagraph('', `${status} ${refused.error}: ${refused.error_description}`);
  return `${what}${formatParagraph('  → ', refused.remedy)}`;
}

async function playPullRequest(scene: Scene): Promise<void> {
  const { narrator } = scene;
  narrator.heading("3. A pull request's job asks for the same");
  narrator.command('vouchgate run --resource shop-db -- node deploy.js');
  const claims = {
    ref: 'refs/pull/7/merge',
    event_name: 'pull_request',
    environment: 'preview',
    sub: 'repo:acme/shop:pull_request',
  };
  const run = await runVouchgate(
    ['run', '--resource', 'shop-db', '--', process.execPath, JOB],
    jobEnvironment(scene, claims),
  );
  narrator.quote(withoutCommands(run.output));
  if (run.code === 0) throw new Error('the pull request should have been refused');
}

async function showRecord(scene: Scene, greeting: string): Promise<void> {
  const { narrator } = scene;
  narrator.heading('4. The record of all of it');
  const env = { VOUCHGATE_URL: scene.url, XDG_CONFIG_HOME: scene.home };
  const link = /http\S+#link=\S+?(?='|\s)/.exec(greeting)?.[0] ?? '';
  const login = await runVouchgate(['login', link], env);
  if (login.code !== 0) throw new Error(`vouchgate login failed: ${login.output}`);
  narrator.command('vouchgate audit list');
  const audit = await runVouchgate(['audit', 'list'], env);
  narrator.quote(audit.output);
  if (audit.code !== 0) throw new Error('the record should have been shown');
}

/** The port that the documents name, if it is free. */
function freePort(): Promise<number> {
  const tryPort = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
      });
    });
  return tryPort(PREFERRED_PORT).catch(() => tryPort(0));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const step of undo.toReversed()) await step().catch(() => undefined);
}
