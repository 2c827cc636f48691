import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { PREVIEW, RELEASE } from '#inventory/testing/sample-inspection.ts';
import { startTestServer, type TestServer } from '#server/server.fake.ts';
import { runCli } from '../../testing/run-cli.ts';

const COMMIT = 'a'.repeat(40);

let folder: string;
let server: TestServer;
let env: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-upload-'));
  await mkdir(path.join(folder, '.github', 'workflows'), { recursive: true });
  await mkdir(path.join(folder, '.git'));
  await write('.github/workflows/preview.yml', PREVIEW);
  await write('.github/workflows/release.yml', RELEASE);
  server = await startTestServer();
  env = {
    VOUCHGATE_URL: server.url,
    VOUCHGATE_SESSION_TOKEN: server.openSession(),
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: COMMIT,
    GITHUB_REF_NAME: 'main',
  };
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (file: string, text: string) => writeFile(path.join(folder, file), text);
const scan = (...more: string[]) =>
  runCli(['scan', folder, '--only', 'pipelines', '--upload', ...more], { env });
const stored = async () =>
  (await server.inventory.store.pipelines({ scope: ALL_REPOSITORIES }, { limit: 10 })).rows;

describe('vouchgate scan --upload', () => {
  it('shows the repository in the inventory, and goes on judging as before', async () => {
    const { code, stdout, stderr } = await scan();
    expect(code).toBe(1);
    expect(stdout).toContain('template-injection');
    expect(stderr).toMatch(/^uploaded 2 files to http/);
    expect(stderr).toContain('1 attack path; 2 stored credentials.');
    expect(await stored()).toMatchObject([
      { repository: 'acme/shop', file: '.github/workflows/preview.yml', worst: 'critical' },
      { file: '.github/workflows/release.yml' },
    ]);
    expect((await scan('--fail-on', 'never')).code).toBe(0);
  });

  it('takes the settings along, so that the server comes to the same', async () => {
    await write('.vouchgate.yml', 'version: 1\nextends: more.yml\n');
    await write('more.yml', 'version: 1\nscan: { exclude: [.github/workflows/preview.yml] }\n');
    expect((await scan()).stderr).toContain('uploaded 3 files');
    expect(await stored()).toMatchObject([{ file: '.github/workflows/release.yml' }]);
  });

  it('of another branch says that the console does not show it', async () => {
    const { stderr } = await scan('--branch', 'feature/x');
    expect(stderr.replaceAll('\n', ' ')).toContain(
      'The console shows the default branch, which this is not.',
    );
    expect(await stored()).toEqual([]);
  });

  it('is refused before anything is read when nobody says what it is, or it cannot be', async () => {
    delete env['GITHUB_REPOSITORY'];
    const unnamed = await scan();
    expect(unnamed).toMatchObject({ code: 2, stdout: '' });
    expect(unnamed.stderr).toContain('--repository owner/name');
    expect((await scan('--repository', 'acme/shop', '--fix')).stderr).toContain('without --fix');
    expect((await scan('--repository', 'acme/shop', '--org', folder)).code).toBe(2);
    delete env['GITHUB_SHA'];
    expect((await scan('--repository', 'acme/shop')).stderr).toContain('--commit');
  });

  it('fails without a session, after the report was written', async () => {
    env['VOUCHGATE_SESSION_TOKEN'] = `vgs_${'x'.repeat(43)}`;
    const { code, stdout, stderr } = await scan('--fail-on', 'never');
    expect(stdout).toContain('template-injection');
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain('session');
  });

  it('keeps control characters of names away from the terminal', async () => {
    await write('.github/workflows/od\u001b[2Jd.yml', RELEASE);
    expect((await scan()).stderr).not.toContain('\u001b');
  });
});
