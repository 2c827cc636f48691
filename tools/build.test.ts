import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from './build.ts';

const run = promisify(execFile);
// Inside the checkout, so that the libraries are found as they would be beside an installed package.
const folder = fileURLToPath(new URL('../dist/package-under-test', import.meta.url));
const program = join(folder, 'bin/vouchgate.js');
let home: string;

beforeAll(async () => {
  await buildPackage(folder);
  home = await mkdtemp(join(tmpdir(), 'vouchgate-package-'));
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

describe('the published package', () => {
  it('holds JavaScript only, and a manifest with exact versions and no scripts', async () => {
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    expect(manifest.scripts).toBeUndefined();
    expect(manifest.private).toBeUndefined();
    expect(manifest.engines).toEqual({ node: '>=24' });
    for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('brings the console, with the compressed files beside it', async () => {
    const files = await readdir(join(folder, 'dist/console'), { recursive: true });
    expect(files).toContain('index.html');
    const scripts = files.filter((file) => /^assets.index-.*\.js$/.test(file));
    expect(scripts).toHaveLength(1);
    expect(files).toEqual(expect.arrayContaining([`${scripts[0]}.br`, `${scripts[0]}.gz`]));
  });

  it('answers with its version, and checks policies with the library that it brings', async () => {
    const { stdout } = await run(process.execPath, [program, '--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await writeFile(join(home, 'vouchgate.yaml'), 'version: 1\nurl: https://vouchgate.acme.example\n');
    const checked = await run(process.execPath, [program, 'policy', 'check', home]);
    expect(checked.stdout).toContain('0 polic');
  });

  it('scans, and says in reports which version of it did', async () => {
    const manifest = join(folder, 'package.json');
    const own = await readFile(manifest, 'utf8');
    await writeFile(manifest, own.replace(/"version": "[^"]+"/, '"version": "9.8.7"'));
    await writeFile(join(home, '.gitlab-ci.yml'), 'a:\n  script: [make]\n');
    const args = [program, 'scan', home, '--format', 'sarif', '--fail-on', 'never'];
    const { stdout } = await run(process.execPath, args);
    await writeFile(manifest, own);
    expect(JSON.parse(stdout).runs[0].tool.driver).toMatchObject({ semanticVersion: '9.8.7' });
  });

  it('runs the server on its embedded store, which lives in a thread of its own', async () => {
    const args = [program, 'up', '--data', join(home, 'data'), '--listen', '127.0.0.1:0'];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(server, 'exit');
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let text = '';
        server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          const found = /listens on (http\S+)/.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        });
        server.once('exit', (code) => reject(new Error(`ended with ${code}`)));
      });
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    } finally {
      server.kill('SIGTERM');
      await exited;
    }
  }, 30_000);
});
