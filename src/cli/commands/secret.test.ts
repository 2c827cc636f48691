import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVouchgate, SESSION_TOKEN } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
});
afterEach(async () => {
  await fake.close();
});

function person(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_SESSION_TOKEN: SESSION_TOKEN };
}

describe('vouchgate secret', () => {
  it('takes the value from standard input, without its line end, and lists names and dates only', async () => {
    const set = await runCli(['secret', 'set', 'registry', '--rotate-by', '2020-01-31'], {
      env: person(),
      stdin: 'canary value\n',
    });
    expect(set).toMatchObject({ code: 0, stderr: '' });
    expect(fake.sealed.get('registry')).toEqual({ value: 'canary value', rotateBy: '2020-01-31' });
    const list = await runCli(['secret', 'list'], { env: person() });
    expect(list.code).toBe(1);
    expect(list.stdout).toContain('OVERDUE');
    expect(set.stdout + list.stdout).not.toContain('canary');
  });

  it('refuses an empty value, a bad name and a bad date before it asks', async () => {
    expect((await runCli(['secret', 'set', 'x'], { env: person(), stdin: '\n' })).code).toBe(2);
    expect((await runCli(['secret', 'set', '../x'], { env: person(), stdin: 'v' })).code).toBe(2);
    expect(
      (await runCli(['secret', 'set', 'x', '--rotate-by', '31.1.'], { env: person(), stdin: 'v' })).code,
    ).toBe(2);
  });
});
