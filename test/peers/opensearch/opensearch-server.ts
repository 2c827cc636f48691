import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#core/errors.ts';
import { eventually, findFreePort } from '#test/e2e/harness/wait.ts';

const VERSION = '2.19.1';
const LOG4J = '2.21.0';
const INSTALL_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 90_000;

const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `opensearch-${VERSION}`);
const main = join(import.meta.dirname, 'OpenSearchPeer.java');

function dependency(group: string, artifact: string, version: string): string {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
}

function projectOf(): string {
  const dependencies = [
    dependency('org.opensearch', 'opensearch', VERSION),
    dependency('org.opensearch.plugin', 'transport-netty4-client', VERSION),
    dependency('org.apache.logging.log4j', 'log4j-core', LOG4J),
  ];
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peer</groupId><artifactId>opensearch-peer</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>`;
}

/** Its jars by Maven, once into the user's cache; a text says why it cannot be had. */
export function installOpenSearch(): { version: string } | { missing: string } {
  if (existsSync(join(folder, 'complete'))) return { version: VERSION };
  try {
    mkdirSync(folder, { recursive: true });
    const options = { cwd: folder, stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS } as const;
    execFileSync('javac', ['-version'], options);
    writeFileSync(join(folder, 'pom.xml'), projectOf());
    execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], options);
    writeFileSync(join(folder, 'complete'), '');
    return { version: VERSION };
  } catch (error) {
    return { missing: messageOf(error).split('\n', 1)[0] ?? 'unknown' };
  }
}

export interface OpenSearchServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startOpenSearch(): Promise<OpenSearchServer> {
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-opensearch-'));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-Xmx512m', '-cp', join(folder, 'lib', '*'), main, home, String(port)];
  const child: ChildProcess = spawn('java', args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    await eventually('OpenSearch answers', START_TIMEOUT_MS, async () => {
      if (child.exitCode !== null) throw new Error(`OpenSearch ended with ${child.exitCode}`);
      const answer = await fetch(url).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
