import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage } from '../../../tools/build.ts';
import type { BenchServerSetup, BenchServerUsage } from './server.ts';
import type { TokenFactory } from './tokens.ts';

// What is measured is what is published, started as `bin/vouchgate.js` starts it.
const PACKAGE = fileURLToPath(new URL('../../../dist/bench', import.meta.url));
const SERVER = join(PACKAGE, 'dist/bench-server.js');
const SERVER_FLAGS = ['--max-semi-space-size=8'];
export const POLICIES = 100;

/** The server of a benchmark, in a process of its own. */
export interface Bench {
  url: string;
  usage(): Promise<BenchServerUsage>;
  stop(): Promise<void>;
}

export function buildBenchServer(): Promise<unknown> {
  return buildPackage(PACKAGE, { 'bench-server': 'test/bench/exchange/server.ts' });
}

/** @param options `seals: false` for a server that leaves the log to another one */
export async function startBench(
  factory: TokenFactory,
  database: string | undefined,
  storePath: string,
  { seals = true } = {},
): Promise<Bench> {
  const port = await freePort();
  const child = fork(SERVER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: SERVER_FLAGS });
  const setup: BenchServerSetup = { files: configurationFiles(factory), database, storePath, port, seals };
  const url = await ask<{ url: string }>(child, setup);
  return {
    url: url.url,
    usage: () => ask<BenchServerUsage>(child, 'usage'),
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await exited;
    },
  };
}

function ask<T>(child: ChildProcess, message: BenchServerSetup | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`the server ended with ${code}`));
    child.once('exit', failed);
    child.once('message', (answer) => {
      child.off('exit', failed);
      resolve(answer as T);
    });
    child.send(message);
  });
}

function configurationFiles(factory: TokenFactory): Record<string, string> {
  const policies = Array.from(
    { length: POLICIES },
    (_, index) =>
      `@id("bench-${index}") permit (principal in Org::"github/${index === 0 ? '123456' : index}", action == Action::"issue", resource == Resource::"bench-token") when { principal has ref.full && principal.ref.full like "refs/heads/*" };`,
  );
  return {
    'vouchgate.yaml': `version: 1
url: https://bench.example
identityProviders:
  github:
    type: github-actions
    issuer: ${factory.issuer}
    algorithms: [RS256, ES256]
    lifetimeSecondsMax: 86400
    jwks: { keys: [${JSON.stringify(factory.publicJwk)}] }
credentialProviders:
  tokens: { type: oidc-token }
resources:
  bench-token:
    credentialProvider: tokens
    ttl: 5m
    parameters: { audience: https://target.example }
`,
    'policies/bench.cedar': policies.join('\n'),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
