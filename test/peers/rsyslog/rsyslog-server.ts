import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from 'node:net';
import { messageOf } from '#core/errors.ts';
import { certificateExample } from '#server/certificate.fake.ts';
import { eventually, findFreePort } from '#test/e2e/harness/wait.ts';

/** Debian's own, with the libraries that a bare machine does not have. */
const PACKAGES = ['rsyslog', 'rsyslog-gnutls', 'libestr0', 'libfastjson4', 'liblognorm5'];
const INSTALL_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 20_000;

const folder = join(homedir(), '.cache', 'vouchgate', 'peers', 'rsyslog');
const root = join(folder, 'root');
const program = join(root, 'usr', 'sbin', 'rsyslogd');

/** Unpacked once into the user's cache, without root; a text says why it cannot be had. */
export function installRsyslog(): { program: string } | { missing: string } {
  try {
    if (!existsSync(program)) {
      mkdirSync(folder, { recursive: true });
      const options = { cwd: folder, stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS } as const;
      execFileSync('apt-get', ['download', ...PACKAGES], options);
      for (const name of globSync('*.deb', { cwd: folder }))
        execFileSync('dpkg', ['-x', name, root], options);
    }
    execFileSync(program, ['-v'], { env: environment(), stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS });
    return { program };
  } catch (error) {
    return { missing: messageOf(error).split('\n', 1)[0] ?? 'unknown' };
  }
}

function modules(): string {
  return globSync('usr/lib/*/rsyslog', { cwd: root })[0] ?? 'usr/lib/rsyslog';
}

function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LD_LIBRARY_PATH: join(root, dirname(modules())) };
}

export interface RsyslogServer {
  readonly port: number;
  /** PEM: whom to trust, and the certificate and key of a client. */
  readonly files: { readonly certificate: string; readonly key: string };
  /** The messages as they arrived, one a line. */
  lines(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

function configurationOf(home: string, port: number, mutual: boolean): string {
  const [certificate, key] = [join(home, 'server.pem'), join(home, 'server.key')];
  return `global(
  workDirectory="${home}" maxMessageSize="128k" defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${certificate}"
  defaultNetstreamDriverCertFile="${certificate}" defaultNetstreamDriverKeyFile="${key}"
)
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="${mutual ? 'x509/certvalid' : 'anon'}")
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="all") { action(type="omfile" file="${join(home, 'received')}" template="raw" flushOnTXEnd="on") }
input(type="imtcp" port="${port}" address="127.0.0.1" ruleset="all")
`;
}

/** A receiver on loopback; `mutual`: it lets only those in whose certificate it knows. */
export async function startRsyslog({ mutual }: { mutual: boolean }): Promise<RsyslogServer> {
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-rsyslog-'));
  const port = await findFreePort();
  const { certPem, keyPem } = certificateExample();
  const files = { certificate: join(home, 'server.pem'), key: join(home, 'server.key') };
  await writeFile(files.certificate, certPem);
  await writeFile(files.key, keyPem, { mode: 0o600 });
  await writeFile(join(home, 'rsyslog.conf'), configurationOf(home, port, mutual));
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = [
      '-n',
      '-f',
      join(home, 'rsyslog.conf'),
      '-i',
      join(home, 'pid'),
      '-M',
      join(root, modules()),
    ];
    const started = spawn(program, args, { env: environment(), stdio: 'ignore' });
    child = started;
    await eventually('rsyslog listens', START_TIMEOUT_MS, async () => {
      if (started.exitCode !== null) throw new Error(`rsyslogd ended with ${started.exitCode}`);
      return (await answers(port)) ? true : undefined;
    });
  };
  const kill = async () => {
    const running = child;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    port,
    files,
    lines: async () => {
      const text = await readFile(join(home, 'received'), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
    async stop() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
