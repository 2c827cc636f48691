import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { chooseVersion, loadKafkaClient } from './kafka-client.ts';

const NAME = '@platformatic/kafka';

/** What a program of its own says, started where this file is. */
function run(script: string, env: Readonly<Record<string, string>> = {}): string {
  const args = ['--input-type=module', '--eval', script];
  const options = { cwd: import.meta.dirname, env, encoding: 'utf8', timeout: 30_000 } as const;
  const { stdout, stderr } = spawnSync(process.execPath, args, options);
  return `${stdout}${stderr}`;
}

test('the client is not loaded for those who have no such sink', () => {
  const watch = `import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      if (name === '${NAME}') console.log('loaded');
      return next(name, context);
    } });`;
  expect(run(`${watch} await import('../../sinks.generated.ts'); console.log('done');`)).toBe('done\n');
  const opened = `await (await import('./kafka-client.ts')).loadKafkaClient(); console.log('done');`;
  expect(run(`${watch} ${opened}`)).toBe('loaded\ndone\n');
});

test('the client prints nothing of what is sent, whatever the environment asks for', () => {
  const log = `const { loggers } = await (await import('./kafka-client.ts')).loadKafkaClient();
    for (const log of Object.values(loggers)) log('canary');`;
  expect(run(log, { DEBUG: '*' })).toBe('');
  expect(run(`(await import('${NAME}')).loggers.protocol('canary')`, { DEBUG: '*' })).toContain('canary');
});

test('the first version that both speak is taken, and none is an error', async () => {
  const client = await loadKafkaClient();
  const candidates = [client.produceV11.api, client.produceV9.api, client.produceV7.api];
  const versionFor = (min: number, max: number) =>
    chooseVersion(client, candidates, new Map([[0, { min, max }]])).version;
  expect([versionFor(0, 13), versionFor(0, 10), versionFor(3, 8)]).toEqual([11, 9, 7]);
  expect(() => versionFor(12, 13)).toThrow(client.UnsupportedApiError);
  expect(() => chooseVersion(client, candidates, new Map())).toThrow(client.UnsupportedApiError);
});
