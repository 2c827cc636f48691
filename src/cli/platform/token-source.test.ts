import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpSend } from '../client/http-send.ts';
import { FakeVouchgate } from '../testing/fake-vouchgate.ts';
import { detectTokenSource, type TokenSourceOptions } from './detect-platform.ts';

const send = createHttpSend({ env: {} });
const retry = { attemptsMax: 3, pauseMs: 1, sleep: async () => {} };
const AUDIENCE = 'https://vouchgate.test';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
});
afterEach(() => fake.close());

function detect(env: Record<string, string>, more: Partial<TokenSourceOptions> = {}) {
  const stdin = new PassThrough();
  return detectTokenSource({ env, stdin, tokenFile: undefined, tokenStdin: false, send, retry, ...more });
}

describe('a job on GitHub', () => {
  it('gets a fresh token for each call, for the audience that was asked', async () => {
    const source = detect(fake.githubEnvironment());
    const [first, second] = [await source.token(AUDIENCE), await source.token(AUDIENCE)];
    expect(first.reveal()).not.toBe(second.reveal());
    const payload: unknown = JSON.parse(
      Buffer.from(first.reveal().split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(payload).toMatchObject({ aud: AUDIENCE });
    expect(source.canMintAgain).toBe(true);
  });

  it('tries again when the runner stumbles', async () => {
    fake.disturbances.push({ status: 500, body: '' }, { drop: true });
    expect((await detect(fake.githubEnvironment()).token(AUDIENCE)).reveal()).toContain('.');
  });

  it('says which permission is missing, whether the variables are absent or the runner forbids', async () => {
    const missing = detect({ GITHUB_ACTIONS: 'true' });
    await expect(missing.token(AUDIENCE)).rejects.toMatchObject({
      code: 'token_permission_missing',
      remedy: expect.stringContaining('id-token: write'),
    });
    fake.githubStatus = 403;
    await expect(detect(fake.githubEnvironment()).token(AUDIENCE)).rejects.toMatchObject({
      code: 'token_permission_missing',
    });
  });

  it('never shows the bearer of the runner in an error', async () => {
    const env = { ...fake.githubEnvironment(), ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/x' };
    const failure: unknown = await detect(env)
      .token(AUDIENCE)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'token_request_failed' });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('github-runner-bearer');
  });
});

describe('a job on GitLab', () => {
  it('uses the token that GitLab made', async () => {
    const token = fake.mint(AUDIENCE);
    const source = detect({ GITLAB_CI: 'true', VOUCHGATE_ID_TOKEN: token });
    expect((await source.token(AUDIENCE)).reveal()).toBe(token);
    expect(source.canMintAgain).toBe(false);
  });

  it('is told what to add to its definition when there is none', async () => {
    await expect(detect({ GITLAB_CI: 'true' }).token(AUDIENCE)).rejects.toMatchObject({
      remedy: `Add to the job: "id_tokens: { VOUCHGATE_ID_TOKEN: { aud: ${AUDIENCE} } }".`,
    });
  });
});

describe('any other job', () => {
  it('reads its token from a file again each time, for files are renewed', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-token-'));
    const file = path.join(folder, 'token');
    writeFileSync(file, `${fake.mint()}\n`);
    const source = detect({}, { tokenFile: file });
    const first = await source.token(AUDIENCE);
    writeFileSync(file, fake.mint());
    expect((await source.token(AUDIENCE)).reveal()).not.toBe(first.reveal());
    writeFileSync(file, 'x'.repeat(200_000));
    await expect(source.token(AUDIENCE)).rejects.toMatchObject({ code: 'token_malformed' });
    rmSync(folder, { recursive: true });
    await expect(source.token(AUDIENCE)).rejects.toMatchObject({ code: 'token_file_unreadable' });
  });

  it('reads it once from standard input', async () => {
    const stdin = new PassThrough();
    const token = fake.mint();
    stdin.end(`${token}\n`);
    const source = detect({}, { tokenStdin: true, stdin });
    expect((await source.token(AUDIENCE)).reveal()).toBe(token);
    expect((await source.token(AUDIENCE)).reveal()).toBe(token);
  });

  it('is told where to put it, and what is malformed is never quoted', async () => {
    await expect(detect({}).token(AUDIENCE)).rejects.toMatchObject({ code: 'token_source_missing' });
    const failure: unknown = await detect({ VOUCHGATE_ID_TOKEN: 'canary with blanks' })
      .token(AUDIENCE)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'token_malformed' });
    expect(String(failure)).not.toContain('canary');
  });

  it('cannot ask for a file and for standard input at once', () => {
    expect(() => detect({}, { tokenFile: 'x', tokenStdin: true })).toThrow(/exclude each other/u);
  });
});
