import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { TokenError, TokenResponse } from '#api/token-exchange.ts';
import { systemClock } from '#core/clock.ts';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';
import { findConsoleFolder } from '../server/console/console-folder.ts';
import { formatParagraph } from '../layout.ts';
import { type DemoEnvironment, runVouchgate, startVouchgate } from './child-processes.ts';
import { type DemoFillOptions, fillDemo, newConsoleLink, playedStartMs } from './company/fill-demo.ts';
import { createPlayedClock } from './company/played-clock.ts';
import { type CompanyIssuers, startCompanyIssuers } from './company/start-issuers.ts';
import { writeDemoConfiguration, writeDemoSections } from './demo-configuration.ts';
import { type DemoDatabase, startDemoDatabase } from './demo-database.ts';
import { createNarrator, type Narrator } from './narrator.ts';

const PREFERRED_PORT = 8440;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
const BUILD_TIMEOUT_MS = 120_000;
const JOB = fileURLToPath(new URL('./demo-job.ts', import.meta.url));

interface Scene {
  narrator: Narrator;
  url: string;
  issuer: CompanyIssuers['github'];
  database: DemoDatabase;
  home: string;
}

const undo: (() => Promise<unknown>)[] = [];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      database: { type: 'string' },
    },
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
  const hasCompany = !values.once && !values.empty;
  const clock = createPlayedClock(hasCompany ? playedStartMs() : systemClock.nowMs());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuers = await narrator.step(
    'starting OIDC issuers',
    () => startCompanyIssuers(url, clock),
    () => 'local OIDC issuers that sign what GitHub and GitLab sign',
  );
  undo.push(() => issuers.close());
  const claims = { repository_id: String(githubActionsClaims({}).repository_id) };
  const sections = await writeDemoSections(database, join(home, 'pg-admin'), claims);
  const config = join(home, 'config');
  await writeDemoConfiguration(config, { url, issuer: issuers.github.issuer, sections });
  if (!values.once && findConsoleFolder() === undefined) await buildConsole(narrator);
  if (hasCompany) await playCompany({ narrator, home, url, issuers, clock, extra: sections });
  const consoleLink = values.once ? '' : await newConsoleLink(home, url);
  const server = await narrator.step(
    'starting Vouchgate',
    () => {
      const listen = `127.0.0.1:${port}`;
      const folders = ['--data', join(home, 'data'), '--config', config];
      return startVouchgate(['up', ...folders, '--listen', listen, '--admin-link', '--editable'], {});
    },
    () => `Vouchgate on ${url} (embedded store)`,
  );
  undo.push(() => server.stop());

  const scene: Scene = { narrator, url, issuer: issuers.github, database, home };
  await playDeploy(scene);
  await playReplay(scene);
  await playPullRequest(scene);
  await showRecord(scene, server.greeting);
  if (!values.once) await stayUp(scene, consoleLink);
}

/** From a checkout it is built once. Where that fails, the demo has everything but the console. */
async function buildConsole(narrator: Narrator): Promise<void> {
  const args = [VITE, 'build', join(ROOT, 'console'), '--logLevel', 'error'];
  const options = { cwd: ROOT, timeout: BUILD_TIMEOUT_MS, env: { ...process.env, NODE_ENV: 'production' } };
  const build = promisify(execFile)(process.execPath, args, options);
  await narrator.step(
    'building the console',
    () =>
      build.then(
        () => 'console built: the next demo finds it',
        () => 'no console: it could not be built (npm run build:console says why)',
      ),
    (told) => told,
  );
}

/** Four weeks before now, by the real server on a fast clock. */
async function playCompany({
  narrator,
  ...options
}: Omit<DemoFillOptions, 'onProgress'> & { narrator: Narrator }): Promise<void> {
  await narrator.step(
    'playing four weeks of a company',
    (onProgress) => fillDemo({ ...options, onProgress }),
    ({ requests, refused }) => `four weeks of a company: ${requests} requests, ${refused} refused`,
  );
}

/** Until somebody ends it. */
async function stayUp({ narrator, url, home }: Scene, consoleLink: string): Promise<void> {
  narrator.heading('The server stays up. What next?');
  narrator.say('The console, for you as its owner (the link opens it once, within 15 minutes):');
  narrator.say(consoleLink);
  narrator.say('Or look around in another shell:');
  narrator.command(`export VOUCHGATE_URL=${url} XDG_CONFIG_HOME=${home}`);
  narrator.command('npx vouchgate leases list');
  narrator.command('npx vouchgate audit list --follow');
  narrator.say(`The policies are in ${join(home, 'config', 'policies')}: a change counts at once.`);
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
  narrator.command('vouchgate audit list --limit 12');
  const audit = await runVouchgate(['audit', 'list', '--limit', '12'], env);
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
