import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVouchgate } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
});
afterEach(async () => {
  await fake.close();
});

function job(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_ID_TOKEN: fake.mint() };
}

describe('vouchgate whoami', () => {
  it('shows the identity in the words of policies, and what is missing', async () => {
    fake.whoami = {
      accepted: true,
      identity: {
        provider: 'github',
        platform: 'github-actions',
        issuer: 'https://issuer.test',
        subject: 'repo:acme/shop',
        project: { id: '456789', path: 'acme/shop' },
        ref: { full: 'refs/heads/\u001b[2Jmain' },
        claims: {},
      },
      principal: 'github/456789',
      expiresAt: '2026-11-23T00:00:00.000Z',
    };
    const { code, stdout } = await runCli(['whoami'], { env: job() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^project\.path +acme\/shop$/mu);
    expect(stdout).toContain('refs/heads/\\u001b[2Jmain');
    expect(stdout).toMatch(/policy that asks for it denies.*\n(?: .*\n)*.*environment\.name/u);
  });

  it('answers 1 when the server does not accept the token', async () => {
    const refusal = {
      code: 'token_expired',
      message: 'too late',
      facts: [],
      remedy: 'Ask earlier.',
      retryable: false,
    };
    fake.whoami = { accepted: false, refusal };
    const { code, stdout } = await runCli(['whoami'], { env: job() });
    expect(code).toBe(1);
    expect(stdout).toContain('[token_expired]');
  });

  it('decodes offline without the signature', async () => {
    const env = { ...job(), VOUCHGATE_URL: 'https://vouchgate.test' };
    const { code, stdout } = await runCli(['whoami', '--offline'], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sub +repo:acme\/shop$/mu);
    expect(stdout).not.toContain('c2ln');
  });
});
