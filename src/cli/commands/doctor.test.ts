import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNoteSigner, formatVerifierKey } from '#audit/log/note-key.ts';
import { runCli } from '../testing/run-cli.ts';

let folder = '';
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function answerWith(status: number, body: object): Promise<string> {
  server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function configure(text: string): Promise<string[]> {
  await writeFile(join(folder, 'vouchgate.yaml'), text);
  return ['doctor', '--config', folder];
}

describe('doctor', () => {
  test('names the line of a mistake', async () => {
    const { code, stdout } = await runCli(await configure('version: 1\nurl: nonsense\n'));
    expect(code).toBe(1);
    expect(stdout).toContain('vouchgate.yaml:2');
  });

  test('reaches what is named, and says what does not answer and that nothing is allowed yet', async () => {
    const issuer = await answerWith(404, {});
    const { code, stdout } = await runCli(
      await configure(`version: 1
url: https://vouchgate.acme.example
identityProviders:
  lab: { type: gitlab-ci, issuer: "${issuer}" }
credentialProviders:
  own: { type: oidc-token }
resources:
  packages:
    credentialProvider: own
    parameters: { audience: https://packages.acme.example }
network: { allowPrivateHosts: ["${new URL(issuer).host}"] }
`),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ identity provider lab: .* status 404/u);
    expect(stdout).toContain('✓ credential provider own');
    expect(stdout).toContain('! policies: there is none');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('looks at where the record goes, who signs it and what is read in, and shows no secret', async () => {
    const there = await answerWith(405, {});
    const { host } = new URL(there);
    await mkdir(join(folder, 'trail'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const witness = createNoteSigner('witness.example', 'ed25519-cosignature', privateKey);
    const password = ['not', 'for', 'you'].join('-');
    const { code, stdout } = await runCli(
      await configure(`version: 1
url: https://vouchgate.acme.example
sinks:
  hook: { type: webhook, url: "${there}/hook", secrets: [{ env: HOOK }] }
  search: { type: elasticsearch, url: "${there}", apiKey: { env: MISSING } }
  copy: { type: file, path: "${folder}/none/copy.ndjson" }
  stream: { type: kafka, brokers: ["127.0.0.1:1"], tls: false }
log: { witnesses: [{ key: "${formatVerifierKey(witness)}", url: "${there}/w/" }] }
inputs:
  sources:
    trail: { type: cloudtrail-files, folder: "${folder}/trail" }
    gone: { type: cloudtrail-files, folder: "${folder}/gone" }
network: { allowPrivateHosts: ["${host}"] }
`),
      { env: { HOOK: `whsec_${Buffer.from(password.repeat(4)).toString('base64')}` } },
    );
    const text = stdout.replaceAll(/\s+/gu, ' ');
    expect(code).toBe(1);
    expect(text).toContain('sinks: 4, witnesses of the log: 1, inputs: 2, telemetry: off');
    expect(text).toContain('✓ sink hook: Signed webhook: can be reached');
    expect(text).toMatch(/✗ sink search: .*MISSING is not set/u);
    expect(text).toContain('✓ sink copy: File');
    expect(text).toMatch(/✗ sink stream: .*https/u);
    expect(text).toMatch(/✓ witness witness\.example: .* it may sign/u);
    expect(text).toMatch(/✓ input trail: .* 0 records/u);
    expect(text).toMatch(/✗ input gone: The folder cannot be read/u);
    expect(text).not.toContain(Buffer.from(password).toString('base64').slice(0, 8));
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('says what a server lacks, in its own words', async () => {
    const url = await answerWith(503, { detail: 'The disk is full.', remedy: 'Make room.' });
    const { code, stdout } = await runCli(['doctor', '--server', url]);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('The disk is full.');
    expect(stdout).toContain('→ Make room.');
    expect((await runCli(['doctor', '--server', 'http://vouchgate.acme.example'])).code).toBe(1);
  });

  test.each([
    [{ GITHUB_ACTIONS: 'true' }, '! job', 'id-token: write'],
    [
      { GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'u', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' },
      '✓ job',
      'can be had',
    ],
    [{ GITLAB_CI: 'true' }, '! job', 'id_tokens'],
    [{ GITLAB_CI: 'true', VOUCHGATE_ID_TOKEN: 'canary' }, '✓ job', 'VOUCHGATE_ID_TOKEN'],
  ])('says whether a job can have a token: %o', async (env, mark, words) => {
    const { stdout } = await runCli(['doctor'], { env });
    expect(stdout).toContain(mark);
    expect(stdout).toContain(words);
    expect(stdout).not.toContain('canary');
  });
});
