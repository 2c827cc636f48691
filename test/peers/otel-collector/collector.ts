import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#core/errors.ts';
import { eventually, findFreePort } from '#test/e2e/harness/wait.ts';

const VERSION = 'v0.160.0';
const BUILD_TIMEOUT_MS = 900_000;
const START_TIMEOUT_MS = 30_000;

const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `otel-collector-${VERSION}`);
const program = join(folder, 'collector-peer');

const MODULE = `module collector-peer

go 1.25

require (
	go.opentelemetry.io/collector/exporter/otlphttpexporter ${VERSION}
	go.opentelemetry.io/collector/otelcol ${VERSION}
	go.opentelemetry.io/collector/receiver/otlpreceiver ${VERSION}
)
`;

/** OpenTelemetry's own collector with its own receiver and exporter, built once into the user's cache. */
export function installCollector(): { version: string } | { missing: string } {
  if (existsSync(program)) return { version: VERSION };
  try {
    mkdirSync(folder, { recursive: true });
    process.stderr.write(
      `building the OpenTelemetry collector ${VERSION}, which takes two minutes the first time\n`,
    );
    const options = { cwd: folder, stdio: 'pipe', timeout: BUILD_TIMEOUT_MS } as const;
    writeFileSync(join(folder, 'go.mod'), MODULE);
    copyFileSync(join(import.meta.dirname, 'main.go'), join(folder, 'main.go'));
    execFileSync('go', ['mod', 'tidy'], options);
    execFileSync('go', ['build', '-o', `${program}.new`, '.'], options);
    execFileSync('mv', [`${program}.new`, program], options);
    return { version: VERSION };
  } catch (error) {
    return { missing: messageOf(error).split('\n', 1)[0] ?? 'unknown' };
  }
}

export interface Collector {
  /** Where it takes OTLP over HTTP. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Without a queue: it answers what the receiver behind it has answered. */
function configurationOf(port: number, exportUrl: string): string {
  return `receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:${port}
exporters:
  otlp_http:
    logs_endpoint: ${exportUrl}
    encoding: json
    compression: none
    retry_on_failure: { enabled: false }
    sending_queue: { enabled: false }
service:
  telemetry:
    metrics: { level: none }
  pipelines:
    logs: { receivers: [otlp], exporters: [otlp_http] }
`;
}

export async function startCollector(exportUrl: string): Promise<Collector> {
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-collector-'));
  const port = await findFreePort();
  const file = join(home, 'collector.yaml');
  await writeFile(file, configurationOf(port, exportUrl));
  const child: ChildProcess = spawn(program, ['--config', `file:${file}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { HOME: home, GOMAXPROCS: '1' },
  });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = `${output}${chunk.toString()}`.slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await eventually('the collector answers', START_TIMEOUT_MS, async () => {
      if (child.exitCode !== null) throw new Error(`the collector ended: ${output}`);
      return (await fetch(url).catch(() => undefined)) === undefined ? undefined : true;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
