import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { startServer } from '../server/start-server.ts';
import { runCli } from '../testing/run-cli.ts';

const CONFIGURATION = `version: 1
url: https://vouchgate.acme.example
identityProviders:
  github:
    type: github-actions
    required: { repository_owner_id: "123456" }
credentialProviders:
  own: { type: oidc-token }
resources:
  registry:
    credentialProvider: own
    parameters: { audience: https://packages.acme.example }
`;
const POLICY = `@id("shop")
permit (principal in Project::"github/456789", action == Action::"issue", resource == Resource::"registry")
when { principal has ref.full && principal.ref.full == "refs/heads/main" };
`;
const CLAIMS = {
  sub: 'repo:acme/shop:ref:refs/heads/main',
  repository_id: '456789',
  repository_owner_id: '123456',
  ref: 'refs/heads/main',
  run_id: '1',
  sha: '0123456789abcdef0123456789abcdef01234567',
  repository: 'acme/shop',
  repository_owner: 'acme',
  actor_id: '5',
  event_name: 'push',
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policy-'));
  await put('vouchgate.yaml', CONFIGURATION);
  await put('policies/shop.cedar', POLICY);
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, text: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

function policy(name: string, ...args: string[]) {
  return runCli(['policy', name, '--config', folder, ...args]);
}

async function claims(change: object = {}): Promise<string[]> {
  const file = await put('job.json', JSON.stringify({ ...CLAIMS, ...change }));
  return ['--resource', 'registry', '--provider', 'github', '--claims', file];
}

function token(payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(payload)}.${'canary'.repeat(10)}`;
}

describe('policy check', () => {
  test('finds nothing wrong with what is valid', async () => {
    expect(await policy('check')).toMatchObject({
      code: 0,
      stdout: 'valid: 1 resource, 1 policy\n',
      stderr: '',
    });
    expect(await runCli(['policy', 'check', folder, '--quiet'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('names file, line, column and remedy of each mistake', async () => {
    await put('policies/bad.cedar', '\n  permit (principal, action, resource);\n');
    const { code, stdout } = await policy('check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/bad\.cedar:2:3: error: The policy has no @id\. \[policy_id_missing\]\n {2}→ /u);
    const json = await policy('check', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, errors: [{ line: 2, column: 3 }] });
  });

  test('points at the line of vouchgate.yaml, and guesses what was meant', async () => {
    await put('vouchgate.yaml', CONFIGURATION.replace('oidc-token', 'oidc-tokn'));
    const { code, stdout } = await policy('check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/vouchgate\.yaml:8:\d+: error: .*\n.*Did you mean `oidc-token`\?/u);
  });

  test('warns of a policy that lies where none is read', async () => {
    await put('old/forgotten.cedar', '@id("x") forbid (principal, action, resource);');
    const { code, stdout } = await policy('check');
    expect(code).toBe(0);
    expect(stdout).toContain('forgotten.cedar:1:1: warning: The file is outside of `policies/`');
  });

  test('is told where to look', async () => {
    expect(await runCli(['policy', 'check', join(folder, 'none')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no such folder'),
    });
    expect(await runCli(['policy', 'check', folder, '--config', folder])).toMatchObject({ code: 2 });
  });
});

describe('policy test', () => {
  test('runs the tests beside the policies, and says which failed and why', async () => {
    const cases = ['main', 'dev'].map(
      (ref) =>
        `  - name: ${ref} may\n    token: { provider: github, claims: { repository_id: "456789", ref: refs/heads/${ref} } }\n    resource: registry\n    expect: allow\n`,
    );
    await put('policies/shop.test.yaml', `cases:\n${cases[0]}`);
    expect(await policy('test')).toMatchObject({ code: 0, stdout: '1 passed, 0 failed\n' });
    await put('policies/shop.test.yaml', `cases:\n${cases.join('')}`);
    const { code, stdout } = await policy('test');
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop\.test\.yaml:6: dev may\n {2}Expected allow/u);
    expect(stdout).toContain('1 passed, 1 failed');
  });

  test('fails when there is none, for a pipeline that tests nothing must not look tested', async () => {
    expect(await policy('test')).toMatchObject({ code: 2, stderr: expect.stringContaining('no tests') });
  });
});

describe('policy simulate', () => {
  test('says who would be allowed by which policy, and that nobody checked the signature', async () => {
    const { code, stdout } = await policy('simulate', ...(await claims()));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^allowed\n/u);
    expect(stdout).toContain('shop');
    expect(stdout).toContain('Signature, audience and times of a token are checked by the server only.');
  });

  test('shows the facts of a denial', async () => {
    const { code, stdout } = await policy('simulate', ...(await claims({ ref: 'refs/heads/dev' })));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^denied \[no_permit\]/u);
    expect(stdout).toMatch(/principal\.ref\.full +refs\/heads\/main +refs\/heads\/dev/u);
    const json = await policy('simulate', ...(await claims({ ref: 'x' })), '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ allowed: false, decision: { reason: 'no_permit' } });
  });

  test('says when the token would not get as far as a policy', async () => {
    const { code, stdout } = await policy('simulate', ...(await claims({ repository_owner_id: '9' })));
    expect(code).toBe(1);
    expect(stdout).toContain('the token is not accepted');
  });

  test('takes a token, finds its provider by the issuer, and never shows the token', async () => {
    const iss = 'https://token.actions.githubusercontent.com';
    const file = await put('token.jwt', `${token({ ...CLAIMS, iss })}\n`);
    const { code, stdout, stderr } = await policy('simulate', '--resource', 'registry', '--token-file', file);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('canary');
    const stranger = await put('stranger.jwt', token({ ...CLAIMS, iss: 'https://elsewhere.example' }));
    expect(await policy('simulate', '--resource', 'registry', '--token-file', stranger)).toMatchObject({
      code: 2,
    });
  });

  test('says what is missing or misspelt', async () => {
    const given = await claims();
    expect((await policy('simulate')).stderr).toContain('--resource');
    expect((await policy('simulate', '--resource', 'registry')).stderr).toContain('--token-file FILE');
    expect((await policy('simulate', ...given, '--resource', 'registri')).stderr).toContain(
      'Did you mean "registry"',
    );
    expect((await policy('simulate', ...given, '--provider', 'githab')).stderr).toContain(
      'Did you mean "github"',
    );
    await put('job.json', '{"a":1,"a":2}');
    expect((await policy('simulate', ...given)).stderr).toContain('duplicate_member');
  });
});

describe('policy simulate --server', () => {
  test('asks the server, with a session, what it would decide now', async () => {
    const log = createRecordingLogger();
    const storage = openMemoryStorage();
    const files = { 'vouchgate.yaml': CONFIGURATION, 'policies/shop.cedar': POLICY };
    const server = await startServer({
      storage,
      masterKey: Buffer.alloc(32, 1),
      readFiles: async () => files,
      listen: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      env: {},
      clock: systemClock,
      log,
    });
    try {
      const link = new URL(await server.adminLink()).hash.replace('#link=', '');
      const opened = await fetch(`${server.url}/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link }),
        signal: AbortSignal.timeout(5_000),
      });
      const { token: session } = (await opened.json()) as { token: string };
      const file = await put('token.jwt', token({ iss: 'https://elsewhere.example' }));
      const args = [
        'policy',
        'simulate',
        '--server',
        server.url,
        '--resource',
        'registry',
        '--token-file',
        file,
      ];
      const env = { VOUCHGATE_SESSION_TOKEN: session };
      const { code, stdout } = await runCli(args, { env });
      expect(code).toBe(1);
      expect(stdout).toContain('token_issuer_unknown');
      expect(await runCli(args)).toMatchObject({ code: 3 });
    } finally {
      await server.close();
    }
  });
});

describe('policy suggest', () => {
  test('drafts a policy that the check accepts and that allows this workload', async () => {
    await rm(join(folder, 'policies'), { recursive: true });
    const { code, stdout } = await policy('suggest', ...(await claims()));
    expect(code).toBe(0);
    await put('policies/draft.cedar', stdout);
    expect(await policy('check')).toMatchObject({ code: 0 });
    expect(await policy('simulate', ...(await claims()))).toMatchObject({ code: 0 });
    expect(await policy('simulate', ...(await claims({ repository_id: '1' })))).toMatchObject({ code: 1 });
  });
});
