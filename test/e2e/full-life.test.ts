import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { systemClock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import {
  type DevelopmentIssuer,
  gitlabCiClaims,
  startDevelopmentIssuer,
} from '#identity/emulator/development-issuer.ts';
import type { TokenClaims } from '#identity/emulator/platform-claims.ts';
import { Canary } from './harness/canary.ts';
import { githubJob, runCommand, startCommand } from './harness/command.ts';
import { deployToken, exchange } from './harness/job.ts';
import { type Person, personWith } from './harness/person.ts';
import { listProcessArguments } from './harness/process-list.ts';
import type { ServerProcess } from './harness/server-process.ts';
import {
  openShop,
  postgresBinaries,
  postgresNote,
  type ShopDatabase,
  startPostgres,
} from './harness/shop-database.ts';
import { openSite, permitDeploys, type Site } from './harness/site.ts';
import { eventually } from './harness/wait.ts';

const SEALED = `partner-${randomBytes(24).toString('base64url')}`;
const ROLE_SECONDS = 30;

/** What a deploy script does with what it finds in its environment; `WAIT_MS` later, by a connection of its own. */
const SCRIPT = `
import { writeFileSync } from 'node:fs';
import pg from 'pg';
if (process.env.SECRETS_FILE) writeFileSync(process.env.SECRETS_FILE, JSON.stringify(process.env), { mode: 0o600 });
console.log('working as ' + process.env.PGUSER);
await new Promise((done) => setTimeout(done, Number(process.env.WAIT_MS ?? 0)));
const client = new pg.Client();
await client.connect();
const { rows } = await client.query('SELECT count(*) AS orders FROM orders');
await client.end();
console.log('orders: ' + rows[0].orders);
`;
const JOB = ['--', process.execPath, '--input-type=module', '--eval', SCRIPT];

function permitGitlabDeploys(resource: string): string {
  return `@id("${resource}-for-gitlab")
permit (
  principal in Project::"gitlab/20", // acme/shop on GitLab
  action == Action::"issue",
  resource == Resource::"${resource}"
) when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has trigger && principal.trigger == "push" &&
  principal has environment && principal.environment.name == "production" &&
  principal has forked && principal.forked == false
};
`;
}

describe.skipIf(postgresBinaries === undefined)(
  `the life of credentials, by the command line (${postgresNote})`,
  { timeout: 90_000 },
  () => {
    let postgres: LocalPostgres;
    let shop: ShopDatabase;
    let gitlab: DevelopmentIssuer;
    let site: Site;
    let server: ServerProcess;
    let person: Person;
    let owner: Record<string, string>;
    const canary = new Canary();

    beforeAll(async () => {
      postgres = await startPostgres();
      shop = await openShop(postgres, `${ROLE_SECONDS}s`);
      gitlab = await startDevelopmentIssuer({ port: 0, clock: systemClock });
      site = await openSite({
        shop,
        identityProviders: () => `  gitlab:\n    type: gitlab-ci\n    issuer: ${gitlab.issuer}\n`,
        credentialProviders: '  sealed:\n    type: sealed-secret\n',
        resources:
          '  partner-key:\n    credentialProvider: sealed\n    privileged: true\n    parameters: { secret: partner-key, environment: PARTNER_KEY }\n',
        policies: {
          'partner-key': permitDeploys('partner-key'),
          'gitlab-shop-db': permitGitlabDeploys('shop-db'),
          'gitlab-partner-key': permitGitlabDeploys('partner-key'),
        },
        allowPrivateHosts: [new URL(gitlab.issuer).host],
      });
      server = await site.start();
      owner = { HOME: site.home, VOUCHGATE_URL: site.url };
      const link = server.adminLink?.reveal() ?? '';
      expect(await runCommand(['login', link], owner)).toMatchObject({ code: 0 });
      const session = JSON.parse(
        await readFile(join(site.home, '.config', 'vouchgate', 'session.json'), 'utf8'),
      ) as { token: string };
      canary.add('admin link', link.slice(link.indexOf('vgl_')));
      canary.add('session token', session.token);
      canary.add('sealed secret', SEALED);
      canary.add('password of the administrator', shop.adminPassword.reveal());
      canary.add('master key', (await readFile(join(site.dataFolder, 'master.key'), 'utf8')).trim());
      person = personWith(new Secret(session.token), server.url);
      const set = await runCommand(
        ['secret', 'set', 'partner-key', '--rotate-by', '2030-01-01'],
        owner,
        SEALED,
      );
      expect(set).toMatchObject({ code: 0, stderr: '' });
    }, 90_000);
    afterAll(async () => {
      await site?.close();
      await gitlab?.close();
      await shop?.stop();
      await postgres?.stop();
    }, 30_000);

    const gitlabJob = (claims: TokenClaims = {}): Record<string, string> => ({
      GITLAB_CI: 'true',
      VOUCHGATE_ID_TOKEN: gitlab.issueToken({ ...gitlabCiClaims(claims), aud: site.url }),
      VOUCHGATE_URL: site.url,
      HOME: site.home,
    });

    it('renews while the job works, and revokes at its end; no secret shows anywhere meanwhile', async () => {
      const secretsFile = join(site.home, 'job-secrets.json');
      const job = githubJob(site);
      canary.add('request token of the job', job['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '');
      const running = startCommand(['run', '--resource', 'shop-db', '--resource', 'partner-key', ...JOB], {
        ...job,
        SECRETS_FILE: secretsFile,
        // Past the first end of the role, so that the connection stands or falls with the renewal.
        WAIT_MS: String(ROLE_SECONDS * 1_000 + 2_000),
      });
      await eventually('the job works', 20_000, () =>
        running.output().includes('working as') ? true : undefined,
      );
      const given = JSON.parse(await readFile(secretsFile, 'utf8')) as Record<string, string>;
      expect(given['PARTNER_KEY']).toBe(SEALED);
      expect(Object.keys(given).filter((name) => /^ACTIONS_ID_TOKEN|^VOUCHGATE_ID_TOKEN/.test(name))).toEqual(
        [],
      );
      canary.add('password of the role', given['PGPASSWORD'] ?? '');
      expect({ processes: canary.find(listProcessArguments()) }).toEqual({ processes: [] });

      const { code, stdout, stderr } = await running.end;
      expect(`${stdout}${stderr}`).toContain('orders: 3');
      expect(code).toBe(0);
      // The runner is told what to hide, by lines that it keeps to itself.
      const shown = `${stdout}\n${stderr}`.split('\n').filter((line) => !line.startsWith('::add-mask::'));
      expect({ output: canary.find(shown.join('\n')) }).toEqual({ output: [] });

      const [lease] = (await person.leases({ resource: 'shop-db' })).filter(
        ({ handle }) => handle['role'] === given['PGUSER'],
      );
      expect(lease?.state).toBe('revoked');
      const story = await person.decision(lease?.decision ?? '');
      expect(story.events.map(({ type }) => type)).toEqual([
        'decision.allowed',
        'credential.issued',
        'lease.renewed',
        'lease.revoked',
      ]);
      expect(await shop.roles()).not.toContain(given['PGUSER']);
    });

    it('revokes at ctrl-C, and ends as a program that was interrupted', async () => {
      const running = startCommand(['run', '-r', 'shop-db', ...JOB], {
        ...githubJob(site),
        WAIT_MS: '60000',
      });
      await eventually('the job works', 20_000, () =>
        running.output().includes('working as') ? true : undefined,
      );
      const role = /working as (\S+)/.exec(running.output())?.[1] ?? '';
      expect(await shop.roles()).toContain(role);
      running.signal('SIGINT');
      expect((await running.end).code).toBe(130);
      expect(await shop.roles()).not.toContain(role);
    });

    it('hands out a sealed secret, and shows it as debt but never its value', async () => {
      const print = ['--', process.execPath, '--print', 'process.env.PARTNER_KEY.length'];
      const run = await runCommand(['run', '-r', 'partner-key', ...print], githubJob(site));
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(String(SEALED.length)) });
      const echo = ['--', process.execPath, '--print', '"<" + process.env.PARTNER_KEY + ">"'];
      const redacted = await runCommand(
        ['run', '-r', 'partner-key', '--redact', 'always', ...echo],
        githubJob(site),
      );
      expect(redacted.stdout).not.toContain(SEALED);

      const list = await runCommand(['secret', 'list'], owner);
      expect(list.stdout).toContain('partner-key');
      expect(list.stdout).not.toContain(SEALED);
      const { resources } = await person.configuration();
      expect(resources.find(({ name }) => name === 'partner-key')?.storedSecret).toBe(true);
    });

    it('refuses a pull request in words, and explains it later to the owner', async () => {
      const claims = { ref: 'refs/pull/7/merge', event_name: 'pull_request', environment: undefined };
      const run = await runCommand(['run', '-r', 'shop-db', ...JOB], githubJob(site, claims));
      expect(run.code).toBe(123);
      expect(run.stderr).toMatch(/principal\.trigger\s+push\s+pull_request/);
      const decision = /dec_[0-9A-Z]{26}/.exec(run.stderr)?.[0] ?? '';
      const told = await runCommand(['explain', decision], owner);
      expect(told.code).toBe(0);
      expect(told.stdout).toContain('refs/pull/7/merge');
      expect(told.stdout).toContain('[no_permit]');
    });

    it('gives a GitLab job two credentials for its one token, and keeps the platforms apart', async () => {
      const both = await runCommand(['run', '-r', 'shop-db', '-r', 'partner-key', ...JOB], gitlabJob());
      expect(both.stderr).not.toContain('refused');
      expect(both).toMatchObject({ code: 0, stdout: expect.stringContaining('orders: 3') });

      // The number of the GitHub repository that may, on the other platform.
      const other = await runCommand(['run', '-r', 'shop-db', ...JOB], gitlabJob({ project_id: '456789' }));
      expect(other.code).toBe(123);
      const fork = await runCommand(['run', '-r', 'shop-db', ...JOB], gitlabJob({ job_project_id: '21' }));
      expect(fork.code).toBe(123);
      const who = await runCommand(['whoami'], gitlabJob());
      expect(who.stdout).toContain('acme/shop');
    });

    it('lists leases, ends one, and ends all that match', async () => {
      const issue = () => exchange(site, { resource: 'shop-db', token: deployToken(site) });
      const [first, second, third] = await Promise.all([issue(), issue(), issue()]);
      const ids = [first, second, third].map(({ issued }) => issued?.lease.id ?? '');
      const listed = await runCommand(
        ['leases', 'list', '--state', 'active', '--resource', 'shop-db'],
        owner,
      );
      for (const id of ids) expect(listed.stdout).toContain(id);

      expect(await runCommand(['leases', 'revoke', ids[0] ?? ''], owner)).toMatchObject({ code: 0 });
      expect((await person.leases({ resource: 'shop-db' })).find(({ id }) => id === ids[0])?.state).toBe(
        'revoked',
      );
      const principal = (await person.leases()).find(({ id }) => id === ids[1])?.principal ?? '';
      const bulk = ['leases', 'revoke', '--all', '--resource', 'shop-db', '--principal', principal];
      expect(await runCommand(bulk, owner)).toMatchObject({ code: 0 });
      const states = (await person.leases({ resource: 'shop-db' }))
        .filter(({ id }) => ids.includes(id))
        .map(({ state }) => state);
      expect(states).toEqual(['revoked', 'revoked', 'revoked']);
      expect(await shop.roles()).toEqual([]);
    });

    it('left no secret in logs, events, the store, or the log of PostgreSQL', async () => {
      expect({ log: canary.find(server.stderr()) }).toEqual({ log: [] });
      const answers = JSON.stringify([
        await person.events(),
        await person.leases(),
        await person.configuration(),
      ]);
      expect({ answers: canary.find(answers) }).toEqual({ answers: [] });
      for (const file of ['vouchgate.db', 'vouchgate.db-wal', 'vouchgate.db-shm']) {
        const secrets = await canary.findInFile(join(site.dataFolder, file));
        expect({ file, secrets }).toEqual({ file, secrets: [] });
      }
      expect({ postgres: await canary.findInFile(postgres.logFile) }).toEqual({ postgres: [] });
    });
  },
);
