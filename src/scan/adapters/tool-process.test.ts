import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeTools } from './testing/fake-tools.ts';
import { defaultToolLimits, findProgram, runToolProcess } from './tool-process.ts';

let fake: FakeTools;
beforeEach(() => {
  fake = new FakeTools();
});
afterEach(() => fake.remove());

function run(script: string, limits = {}, env: Record<string, string> = {}) {
  const program = fake.add('tool', script);
  const [stdoutFile, stderrFile] = [path.join(fake.folder, 'out'), path.join(fake.folder, 'err')];
  const command = { program, args: ['a b', '$HOME'], cwd: fake.root, env, stdoutFile, stderrFile };
  return runToolProcess(command, { ...defaultToolLimits, ...limits }).then((end) => ({
    end,
    stdout: readFileSync(stdoutFile, 'utf8'),
    stderr: readFileSync(stderrFile, 'utf8'),
  }));
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has collected yet does nothing any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function waitUntilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!isAlive(pid)) return true;
    await delay(20);
  }
  return false;
}

describe('a tool', () => {
  it('gets its arguments as they are, and tells its exit code, output and complaints', async () => {
    const ran = await run('console.log(JSON.stringify(argv)); console.error("careful"); process.exit(3)');
    expect(ran.end).toEqual({ kind: 'exited', code: 3 });
    expect(JSON.parse(ran.stdout)).toEqual(['a b', '$HOME']);
    expect(ran.stderr).toBe('careful\n');
  });

  it('sees no environment but the one that it is given', async () => {
    process.env['VOUCHGATE_TEST_SECRET'] = 'of the job';
    const ran = await run('console.log(JSON.stringify(process.env))', {}, { LANG: 'C' });
    delete process.env['VOUCHGATE_TEST_SECRET'];
    expect(ran.stdout).toContain('"LANG":"C"');
    expect(ran.stdout).not.toContain('of the job');
  });

  it('is stopped with all its children when it takes too long', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      require('node:fs').writeFileSync('child', String(child.pid));
      setInterval(() => {}, 1000);`;
    const ran = await run(script, { timeoutMs: 1_500 });
    expect(ran.end).toEqual({ kind: 'stopped', limit: 'time' });
    const child = Number(readFileSync(path.join(fake.root, 'child'), 'utf8'));
    expect(await waitUntilGone(child)).toBe(true);
  });

  it('leaves nothing running that it started and forgot', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      require('node:fs').writeFileSync('child', String(child.pid));
      child.unref();
      process.exit(0);`;
    expect((await run(script)).end).toEqual({ kind: 'exited', code: 0 });
    const child = Number(readFileSync(path.join(fake.root, 'child'), 'utf8'));
    expect(await waitUntilGone(child)).toBe(true);
  });

  it('is stopped when it writes without end', async () => {
    const script = 'setInterval(() => require("node:fs").writeSync(1, "x".repeat(500_000)), 5);';
    const { end } = await run(script, { outputBytesMax: 1_000_000 });
    expect(end).toEqual({ kind: 'stopped', limit: 'output' });
  });

  it.skipIf(!existsSync('/proc/self/stat'))('is stopped when it eats the memory', async () => {
    const script = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(20_000_000, 1)), 5);';
    const { end } = await run(script, { memoryBytesMax: 400_000_000 });
    expect(end).toEqual({ kind: 'stopped', limit: 'memory' });
  });

  it('that cannot be started is said', async () => {
    const files = { stdoutFile: path.join(fake.folder, 'out'), stderrFile: path.join(fake.folder, 'err') };
    const command = { program: path.join(fake.bin, 'none'), args: [], cwd: fake.root, env: {}, ...files };
    expect(await runToolProcess(command, defaultToolLimits)).toMatchObject({ kind: 'not-started' });
  });
});

describe('looking for a program', () => {
  it('takes the first on the path', () => {
    const program = fake.add('tool', '');
    expect(findProgram('tool', `/nowhere:${fake.bin}`, fake.root)).toBe(program);
    expect(findProgram('other', fake.bin, fake.root)).toBeUndefined();
  });

  it('never takes one that the scanned repository brings along, nor one of a relative folder', () => {
    const bin = path.join(fake.root, 'node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    fake.add('tool', '', bin);
    expect(findProgram('tool', `${bin}::.`, fake.root)).toBeUndefined();
  });
});
