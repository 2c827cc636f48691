import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { gitlabCiClaims } from '#identity/emulator/development-issuer.ts';
import type { TokenClaims } from '#identity/emulator/platform-claims.ts';
import { certificateExample } from '#server/certificate.fake.ts';
import { PROGRAM, startServerProcess, type ServerProcess } from '../e2e/harness/server-process.ts';
import { openShop, startPostgres, type ShopDatabase } from '../e2e/harness/shop-database.ts';
import { openSite, type Site } from '../e2e/harness/site.ts';
import { CHECKOUT, makeProgramPath, makeRepository } from './act/sample-repository.ts';
import { installGitlabCiLocal } from './gitlab/install-gitlab-ci-local.ts';

const runner = installGitlabCiLocal();
const note = 'missing' in runner ? `SKIPPED: ${runner.missing}` : 'real server, real PostgreSQL';
const PIPELINE = fileURLToPath(new URL('./gitlab/gitlab-ci.yml', import.meta.url));
const RUN_MS_MAX = 60_000;

const POLICY = `@id("shop-db-for-deploys-from-main")
permit (
  principal in Project::"gitlab/20", // acme/shop
  action == Action::"issue",
  resource == Resource::"shop-db"
) when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has ref.protected && principal.ref.protected &&
  principal has trigger && principal.trigger == "push"
};
`;

describe.skipIf('missing' in runner)(`the GitLab template in a pipeline (${note})`, () => {
  let folder: string;
  let path: string;
  let postgres: LocalPostgres;
  let shop: ShopDatabase;
  let site: Site;
  let server: ServerProcess;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vouchgate-gitlab-'));
    postgres = await startPostgres();
    shop = await openShop(postgres, '5m');
    site = await openSite({ shop });
    // The template accepts https only.
    url = site.url.replace('http:', 'https:');
    const yaml = site.yaml.replace(`url: ${site.url}`, `url: ${url}`);
    const gitlab = yaml.replace('  github:\n    type: github-actions', '  gitlab:\n    type: gitlab-ci');
    await site.writeConfiguration('vouchgate.yaml', gitlab);
    await site.writeConfiguration('policies/shop-db.cedar', POLICY);
    await site.writeConfiguration('policies/partner-api.cedar', '');
    await startServer();
    await prepareRepository();
  });
  afterAll(async () => {
    await server?.stop();
    await site?.close();
    await shop?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function startServer(): Promise<void> {
    const { certPem, keyPem } = certificateExample();
    await writeFile(join(folder, 'cert.pem'), certPem);
    await writeFile(join(folder, 'key.pem'), keyPem, { mode: 0o600 });
    const args = ['--config', site.configFolder, '--data', site.dataFolder, '--listen', new URL(url).host];
    args.push('--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem'));
    const env = { SHOP_ADMIN_PASSWORD: shop.adminPassword.reveal() };
    server = await startServerProcess({ args, env });
  }

  async function prepareRepository(): Promise<void> {
    const pipeline = join(folder, 'gitlab-ci.yml');
    const text = await readFile(PIPELINE, 'utf8');
    await writeFile(pipeline, text.replace('PORT', new URL(url).port));
    await makeRepository(join(folder, 'repository'), 'git@gitlab.com:acme/shop.git', {
      '.gitlab-ci.yml': pipeline,
      'vouchgate.yml': join(CHECKOUT, 'templates', 'gitlab', 'vouchgate.yml'),
    });
    const bin = join(folder, 'bin');
    path = await makeProgramPath(bin);
    const isAskedFor = 'test "$1 $2" = "--yes vouchgate@0.1.0" || exit 64';
    // Stands for the registry: what is tried is this checkout.
    const npx = `#!/bin/sh\n${isAskedFor}\nshift 2\nexec node '${PROGRAM}' "$@"\n`;
    await writeFile(join(bin, 'npx'), npx, { mode: 0o755 });
    // The runner copies the repository for the container that the shell stands in for.
    await writeFile(join(bin, 'rsync'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  }

  /** The job with a token as GitLab would have made it before the start. */
  async function runPipeline(
    claims: TokenClaims,
  ): Promise<{ code: number | null; log: string; token: string }> {
    const token = site.issuer.issueToken({ ...gitlabCiClaims(claims), aud: url });
    const variables = {
      GITLAB_CI: 'true',
      VOUCHGATE_ID_TOKEN: token,
      VOUCHGATE_CA_FILE: join(folder, 'cert.pem'),
      CANARY_FILE: join(folder, 'canary'),
    };
    const args = ['--force-shell-executor', '--no-color'];
    for (const [name, value] of Object.entries(variables)) args.push('--variable', `${name}=${value}`);
    const program = 'path' in runner ? runner.path : '';
    const child = spawn(process.execPath, [program, ...args, 'vouchgate'], {
      cwd: join(folder, 'repository'),
      env: { PATH: path, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_MS_MAX,
    });
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, log, token };
  }

  it('reads a row, redacts what the job prints, and revokes the role at the end of the command', async () => {
    const { code, log, token } = await runPipeline({});
    expect(code, log).toBe(0);
    expect(log).toMatch(/row: teapot for 24\.90 euros, read as vg_shop_db_/u);
    expect(log).toContain('the password is [[masked]], or [[masked]');
    expect(log).toContain('left of the token []');
    const password = (await readFile(join(folder, 'canary'), 'utf8')).trim();
    expect(password).not.toBe('');
    const forms = [password, Buffer.from(password).toString('base64').slice(0, -4), token];
    for (const secret of forms) expect(log.includes(secret)).toBe(false);
    expect(log).not.toMatch(/vgt_[\w-]{20,}/u);
    expect(await shop.roles()).toEqual([]);
  });

  it('refuses a merge request, and says why in the log', async () => {
    const { code, log } = await runPipeline({
      pipeline_source: 'merge_request_event',
      ref: 'cheaper-teapots',
      ref_path: 'refs/heads/cheaper-teapots',
      ref_protected: 'false',
    });
    expect(code).not.toBe(0);
    expect(log).toContain('[no_permit]');
    expect(log).toMatch(/principal\.ref\.full +refs\/heads\/main +refs\/heads\/cheaper-teapots/u);
    expect(log).toMatch(/vouchgate explain dec_\w+/u);
    expect(log).not.toContain('row: teapot');
    expect(await shop.roles()).toEqual([]);
  });
});
