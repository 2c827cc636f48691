import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleFiles } from '#server/access/access-example.fake.ts';
import { startTestServer, type TestServer } from '#server/server.fake.ts';
import { runCli } from '../testing/run-cli.ts';

let server: TestServer;
let env: Record<string, string>;
beforeEach(async () => {
  server = await startTestServer();
  await server.access.use(exampleFiles);
  env = { VOUCHGATE_URL: server.url, VOUCHGATE_SESSION_TOKEN: server.openSession() };
});
afterEach(() => server.close());

describe('vouchgate freeze', () => {
  it('stops, shows what is stopped and how to lift it, and lifts it', async () => {
    expect((await runCli(['freeze'], { env })).stdout).toBe('Nothing is frozen.\n');
    const { stdout } = await runCli(['freeze', '--resource', 'registry', '--reason', 'INC-7: stolen'], {
      env,
    });
    const id = /vouchgate unfreeze (frz_\w+)/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain('resource registry');
    expect((await runCli(['freeze'], { env })).stdout).toContain('INC-7: stolen');
    expect((await runCli(['unfreeze', id], { env })).stdout).toContain('is lifted');
    expect(await runCli(['unfreeze', id], { env })).toMatchObject({ code: 1 });
    expect((await runCli(['freeze'], { env })).stdout).toBe('Nothing is frozen.\n');
  });

  it.each([
    [['freeze', '--resource', 'registry'], 'say why'],
    [['freeze', '--resource', 'a', '--everything', '--reason', 'x'], 'name one thing'],
    [['freeze', '--everything', '--until', 'tomorrow', '--reason', 'x'], 'no time'],
  ])('does not guess: %s', async (args, message) => {
    const { code, stderr } = await runCli(args, { env });
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining(message)]);
    expect(code).not.toBe(0);
  });
});
