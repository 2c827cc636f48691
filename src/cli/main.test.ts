import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { main } from './main.ts';
import { runCli } from './testing/run-cli.ts';

async function loadBroken() {
  const run = () => Promise.reject(new TypeError('x is undefined'));
  return { command: { name: 'broken', summary: 'x', run } };
}

describe('the command line', () => {
  it('suggests the nearest command, and gives errors as JSON where JSON is asked for', async () => {
    const { code, stderr } = await runCli(['--format', 'json', 'lease']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'command_unknown',
        message: 'there is no command "lease"',
        remedy: 'Did you mean "leases"?',
      },
    });
    expect((await runCli(['credential', 'x', '--forma', 'json'])).stderr).toContain('Did you mean --format?');
  });

  it.each([
    [['--help']],
    [['help']],
    [['help', 'run']],
    [['run', '--help']],
    [['leases', 'revoke', '--help']],
  ])('fits the help of %j into 80 columns', async (argv) => {
    const { code, stdout, stderr } = await runCli(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says what is missing when no server is named', async () => {
    const { code, stderr } = await runCli(['whoami'], { env: { VOUCHGATE_ID_TOKEN: 'a.b.c' } });
    expect(code).toBe(2);
    expect(stderr).toContain('VOUCHGATE_URL');
  });

  it('never prints a bug as anything but a bug', async () => {
    const stderr = new PassThrough();
    const streams = {
      env: {},
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      cwd: '/',
      clock: { nowMs: () => 0 },
    };
    const code = await main(['broken'], { ...streams, stderr }, [
      { name: 'broken', summary: 'x', load: loadBroken },
    ]);
    expect(code).toBe(5);
    expect(String(stderr.read())).toContain('[internal_error]');
  });
});
