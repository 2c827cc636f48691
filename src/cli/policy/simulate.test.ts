import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

const CONFIGURATION = `version: 1
url: https://vouchgate.acme.example
identityProviders:
  github: { type: github-actions }
credentialProviders:
  own: { type: oidc-token }
resources:
  shop-db: { credentialProvider: own, privileged: true, parameters: { audience: https://db.example } }
posture:
  sources: { github: { type: mirror, folder: /mirrors } }
`;
const POLICY = `@id("shop")
permit (principal in Project::"github/456789", action == Action::"issue", resource == Resource::"shop-db")
when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has trigger && principal.trigger == "push" &&
  context has posture && context.posture.grade == "pass"
};
`;
const CLAIMS = {
  sub: 'repo:acme/shop:ref:refs/heads/main',
  repository_id: '456789',
  repository_owner_id: '123456',
  ref: 'refs/heads/main',
  run_id: '1',
  repository: 'acme/shop',
  event_name: 'push',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchgate-simulate-'));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'vouchgate.yaml'), CONFIGURATION);
  writeFileSync(join(folder, 'policies/shop.cedar'), POLICY);
  writeFileSync(join(folder, 'claims.json'), JSON.stringify(CLAIMS));
});
afterEach(() => rmSync(folder, { recursive: true }));

function policy(name: string, ...args: string[]) {
  const about = ['--resource', 'shop-db', '--claims', join(folder, 'claims.json'), '--provider', 'github'];
  return runCli(['policy', name, '--config', folder, ...about, ...args]);
}

describe('where pipelines are inspected', () => {
  it('a simulation takes the grade from whoever asks, and else knows none', async () => {
    expect((await policy('simulate', '--posture', 'pass')).code).toBe(0);
    expect((await policy('simulate', '--posture', 'warn')).code).toBe(1);
    const { code, stdout } = await policy('simulate');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('unknown: nothing is inspected here');
  });

  it('a suggested policy for what is privileged demands a good pipeline', async () => {
    const { code, stdout } = await policy('suggest');
    expect(code).toBe(0);
    expect(stdout).toContain('context has posture && context.posture.grade == "pass"');
  });

  it('a policy of the gate that is wrong is found by the check', async () => {
    writeFileSync(join(folder, 'vouchgate.policy.yaml'), 'version: 1\nrules: [{ name: a, action: stop }]\n');
    const { code, stdout, stderr } = await runCli(['policy', 'check', folder]);
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain('vouchgate.policy.yaml:2');
  });
});
