import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVouchgate } from '../testing/fake-vouchgate.ts';
import { BIN, spawnCli } from '../testing/spawn-cli.ts';

const NODE = process.execPath;
const CANARY = 'pa55word-canary';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
  fake.resources.set('shop-db', {
    credentialType: 'postgres',
    values: { username: 'vg_shop', password: CANARY },
    environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  });
});
afterEach(() => fake.close());

function github(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, ...fake.githubEnvironment() };
}

function gitlab(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, GITLAB_CI: 'true', CI: 'true', VOUCHGATE_ID_TOKEN: fake.mint() };
}

function states(): string[] {
  return [...fake.leases.values()].map(({ state }) => state);
}

describe('vouchgate run', () => {
  it('gives the child its credential, takes the platform away from it, and revokes at the end', async () => {
    const script =
      'const {env}=process; console.log(env.PGUSER, env.PGPASSWORD.length, Object.keys(env).filter(k=>/ACTIONS_ID|VOUCHGATE_ID/.test(k)).length)';
    const { code, stdout, stderr } = await spawnCli(
      ['run', '-r', 'shop-db', '--', NODE, '-e', script],
      github(),
    ).end;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `vg_shop ${CANARY.length} 0\n` });
    expect(stderr).toMatch(/^::add-mask::pa55word-canary$/mu);
    expect(stderr).toMatch(
      /^vouchgate: shop-db: issued for 15 min \(dec_\w+\)\nvouchgate: {3}postgres as vg_shop$/mu,
    );
    expect(states()).toEqual(['revoked']);
  });

  it('removes every variable that holds the token it used, unless it is asked to keep one', async () => {
    const env = gitlab();
    env['OTHER_NAME'] = env['VOUCHGATE_ID_TOKEN'] ?? '';
    env['CI_JOB_JWT_V2'] = 'older token';
    const script =
      'console.log(["OTHER_NAME","VOUCHGATE_ID_TOKEN","CI_JOB_JWT_V2"].filter(n=>n in process.env).join())';
    const child = ['--', NODE, '-e', script];
    expect((await spawnCli(['run', '-r', 'shop-db', ...child], env).end).stdout).toBe('\n');
    const kept = await spawnCli(['run', '-r', 'shop-db', '--keep-env', 'CI_JOB_JWT_V2', ...child], env).end;
    // The same token again by another process, with another key, is a replay.
    expect(kept.code).toBe(123);
    expect(kept.stderr).toContain('token_replayed');
    env['VOUCHGATE_ID_TOKEN'] = fake.mint();
    env['OTHER_NAME'] = env['VOUCHGATE_ID_TOKEN'];
    const again = await spawnCli(['run', '-r', 'shop-db', '--keep-env', 'CI_JOB_JWT_V2', ...child], env).end;
    expect(again.stdout).toBe('CI_JOB_JWT_V2\n');
  });

  it('passes only what every program needs with --clean-env', async () => {
    const script = 'console.log(Object.keys(process.env).sort().join())';
    const env = { ...gitlab(), SECRET_OF_THE_JOB: 'x', HOME: '/tmp' };
    const { stdout } = await spawnCli(['run', '-r', 'shop-db', '--clean-env', '--', NODE, '-e', script], env)
      .end;
    expect(stdout).toBe('CI,HOME,PATH,PGPASSWORD,PGUSER\n');
  });

  it('redacts on GitLab what the child prints, in every form, on both streams', async () => {
    const script = `const p=process.env.PGPASSWORD; console.log('a', p); console.error('b', Buffer.from('vg_shop:'+p).toString('base64')); for (const c of p) process.stdout.write(c)`;
    const { code, stdout, stderr } = await spawnCli(
      ['run', '-r', 'shop-db', '--', NODE, '-e', script],
      gitlab(),
    ).end;
    expect(code).toBe(0);
    expect(stdout).toBe('a [masked]\n[masked]');
    expect(stderr).toMatch(/^b dmdfc2hvcD[\w+/]?[\w+/]?\[masked\][\w+/=]{0,4}$/mu);
  });

  it('hands on the exit code of the child, and of the signal that ended it', async () => {
    const exit = ['run', '-r', 'shop-db', '--', NODE, '-e', 'process.exit(7)'];
    expect((await spawnCli(exit, github()).end).code).toBe(7);
    const killed = ['run', '-r', 'shop-db', '--', NODE, '-e', 'process.kill(process.pid, "SIGKILL")'];
    expect((await spawnCli(killed, github()).end).code).toBe(137);
    expect(states()).toEqual(['revoked', 'revoked']);
  });

  it.each([
    ['vouchgate-no-such-program', 127],
    ['/', 126],
  ])('revokes when %s cannot be run', async (program, expected) => {
    const { code, stderr } = await spawnCli(['run', '-r', 'shop-db', '--', program], github()).end;
    expect(code).toBe(expected);
    expect(stderr).toContain(`cannot run ${program}`);
    expect(states()).toEqual(['revoked']);
  });

  it('forwards SIGTERM, waits for the child to clean up, and revokes', async () => {
    const script =
      'process.on("SIGTERM",()=>{console.log("cleaning");process.exit(3)}); setInterval(()=>{},1e3); console.log("ready")';
    const cli = spawnCli(['run', '-r', 'shop-db', '--', NODE, '-e', script], github());
    await cli.shown('ready');
    cli.kill('SIGTERM');
    const { code, stdout } = await cli.end;
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'ready\ncleaning\n' });
    expect(states()).toEqual(['revoked']);
  });

  it('revokes under a child that ignores SIGTERM, before a runner loses its patience', async () => {
    const script = 'process.on("SIGTERM",()=>{}); setTimeout(()=>{},3500); console.log("ready")';
    const cli = spawnCli(['run', '-r', 'shop-db', '--', NODE, '-e', script], github());
    await cli.shown('ready');
    cli.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 2_700));
    expect(states()).toEqual(['revoked']);
    expect((await cli.end).code).toBe(0);
  });

  it('says why a decision refused, with its facts, before the child starts, and revokes what it had', async () => {
    const env = { ...gitlab() };
    const argv = ['run', '-r', 'shop-db', '-r', 'unknown', '--', NODE, '-e', 'console.log("ran")'];
    const { code, stdout, stderr } = await spawnCli(argv, env).end;
    expect({ code, stdout }).toEqual({ code: 123, stdout: '' });
    expect(stderr).toContain('unknown: refused [resource_unknown]');
    expect(stderr).toContain('vouchgate explain dec_');
    expect(states()).toEqual(['revoked']);
  });

  it('shows expected against received', async () => {
    const env = { ...gitlab(), VOUCHGATE_ID_TOKEN: fake.mint('https://other.test') };
    const { code, stderr } = await spawnCli(['run', '-r', 'shop-db', '--', NODE, '-e', ''], env).end;
    expect(code).toBe(123);
    expect(stderr).toMatch(new RegExp(`token\\.aud +${fake.url} +https://other\\.test`, 'u'));
  });

  it('says in another exit code that the server is away', async () => {
    const env = { ...gitlab(), VOUCHGATE_URL: 'http://127.0.0.1:1' };
    const { code, stderr } = await spawnCli(['run', '-r', 'shop-db', '--', NODE, '-e', ''], env).end;
    expect(code).toBe(124);
    expect(stderr).toContain('[server_unreachable]');
  });

  it('ends the child whose output nobody reads any more, and revokes', async () => {
    const words = ['run', '-r', 'shop-db', '--redact', 'always', '--', 'yes'];
    const pipeline = spawn('sh', ['-c', '"$0" "$@" | head -n 1', NODE, BIN, ...words], {
      env: { PATH: process.env['PATH'], ...github() },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    let shown = '';
    pipeline.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    await new Promise((resolve) => pipeline.once('close', resolve));
    expect(shown).toBe('y\n');
    expect(states()).toEqual(['revoked']);
  });

  it('renews while the child runs', async () => {
    fake.resources.set('short', {
      credentialType: 'postgres',
      values: { username: 'u', password: CANARY },
      environment: { PGPASSWORD: 'password' },
      lifetimeMs: 2_000,
    });
    const script = 'setTimeout(()=>{}, 2200)';
    const { code } = await spawnCli(['run', '-r', 'short', '--', NODE, '-e', script], github()).end;
    expect(code).toBe(0);
    expect([...fake.leases.values()].map(({ renewals, state }) => [renewals, state])).toEqual([
      [1, 'revoked'],
    ]);
  });

  it('refuses two values for one variable, and maps fields one by one instead', async () => {
    fake.resources.set('stock-db', {
      credentialType: 'postgres',
      values: { username: 'vg_stock', password: `other-${CANARY}` },
      environment: { PGUSER: 'username', PGPASSWORD: 'password' },
    });
    const both = await spawnCli(['run', '-r', 'shop-db', '-r', 'stock-db', '--', NODE, '-e', ''], github())
      .end;
    expect(both.code).toBe(122);
    expect(both.stderr).toContain('would both set PGUSER');
    expect(states()).toEqual(['revoked', 'revoked']);
    const script = 'console.log(process.env.PGUSER, process.env.STOCK_USER)';
    const argv = ['run', '-r', 'shop-db', '-e', 'STOCK_USER=stock-db.username', '--', NODE, '-e', script];
    expect((await spawnCli(argv, github()).end).stdout).toBe('vg_shop vg_stock\n');
  });

  it('does not let a server set variables that make programs load code', async () => {
    fake.resources.set('evil', {
      credentialType: 'sealed-secret',
      values: { value: '--require /tmp/evil.js' },
      environment: { NODE_OPTIONS: 'value' },
    });
    const { code, stdout, stderr } = await spawnCli(
      ['run', '-r', 'evil', '--', NODE, '-e', 'console.log(1)'],
      github(),
    ).end;
    expect({ code, stdout }).toEqual({ code: 122, stdout: '' });
    expect(stderr).toContain('[environment_name_refused]');
  });

  it('serves AWS credentials on loopback and issues them again, so that a job may run longer than they live', async () => {
    fake.resources.set('deploy', {
      credentialType: 'aws-sts',
      values: { accessKeyId: 'ASIATEST', secretAccessKey: CANARY, sessionToken: 'session-canary' },
      environment: {
        AWS_ACCESS_KEY_ID: 'accessKeyId',
        AWS_SECRET_ACCESS_KEY: 'secretAccessKey',
        AWS_SESSION_TOKEN: 'sessionToken',
      },
      lifetimeMs: 1_000,
      renewable: false,
      revocable: false,
    });
    const script = `const e=process.env; const get=async(t)=>{const r=await fetch(e.AWS_CONTAINER_CREDENTIALS_FULL_URI,{headers:{authorization:t}}); return [r.status, await r.json()]};
      const [s,b]=await get(e.AWS_CONTAINER_AUTHORIZATION_TOKEN); const [w]=await get('wrong');
      await new Promise(r=>setTimeout(r,700)); const [,b2]=await get(e.AWS_CONTAINER_AUTHORIZATION_TOKEN);
      console.log(JSON.stringify([s,w,Object.keys(b),b.AccessKeyId,b2.Expiration>b.Expiration,'AWS_ACCESS_KEY_ID' in e]))`;
    const env = { ...github(), AWS_ACCESS_KEY_ID: 'inherited', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' };
    const child = [NODE, '--input-type=module', '-e', script];
    const { stdout } = await spawnCli(['run', '-r', 'deploy', '--', ...child], env).end;
    expect(JSON.parse(stdout)).toEqual([
      200,
      401,
      ['AccessKeyId', 'SecretAccessKey', 'Token', 'Expiration'],
      'ASIATEST',
      true,
      false,
    ]);
    expect(fake.tokensMinted).toBe(2);
    const plain = ['--no-refresh', '--', NODE, '-e', 'console.log(process.env.AWS_ACCESS_KEY_ID)'];
    expect((await spawnCli(['run', '-r', 'deploy', ...plain], env).end).stdout).toBe('ASIATEST\n');
  });

  it('never shows a secret of its own anywhere', async () => {
    const token = fake.mint();
    const env = { ...gitlab(), VOUCHGATE_ID_TOKEN: token, VOUCHGATE_LOG: 'debug' };
    const { stdout, stderr } = await spawnCli(['run', '-r', 'shop-db', '--', NODE, '-e', ''], env).end;
    const secrets = [CANARY, token, ...[...fake.leases.values()].map((lease) => lease.token)];
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  });
});
