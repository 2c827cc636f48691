import { spawn } from 'node:child_process';
import { messageOf } from '#core/errors.ts';

const OUTPUT_BYTES_MAX = 4 * 1_048_576;
const ERROR_CHARS_MAX = 2_000;

export interface GitCall {
  readonly args: readonly string[];
  /** `PATH` of the caller. */
  readonly searchPath: string | undefined;
  /** What git may speak: `https`, `https:ssh`, `file`. */
  readonly protocols: string;
  /** Settings that hold a secret: they go through the environment, which other users cannot see, never as arguments. */
  readonly secretSettings?: readonly (readonly [name: string, value: string])[];
  /** Variables for ssh: its command, where its agent is. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal: AbortSignal;
}

export interface GitAnswer {
  /** False as well when it was stopped. */
  readonly ok: boolean;
  readonly stdout: string;
  /** For the log of the operator; never for a job. */
  readonly stderr: string;
}

const SAFE_SETTINGS = [
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'credential.helper=',
  'core.askPass=',
  // A redirect would carry the credential to a host that nobody judged.
  'http.followRedirects=false',
  'fetch.fsckObjects=true',
  'transfer.bundleURI=false',
  'protocol.version=2',
  'gc.auto=0',
  'maintenance.auto=false',
];

function environmentOf({
  searchPath,
  protocols,
  secretSettings = [],
  environment = {},
}: GitCall): NodeJS.ProcessEnv {
  const settings = secretSettings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...(searchPath === undefined ? {} : { PATH: searchPath }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_CONFIG_COUNT: String(secretSettings.length),
    ...Object.fromEntries(settings),
    ...environment,
  };
}

/** Runs git in a process group of its own, so that its helpers end with it. Never rejects. */
export async function callGit(call: GitCall): Promise<GitAnswer> {
  if (call.signal.aborted) return { ok: false, stdout: '', stderr: 'stopped before it began' };
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn('git', ['--no-pager', ...settings, ...call.args], {
    env: environmentOf(call),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  call.signal.addEventListener('abort', stop, { once: true });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
    if (output.stdout.length > OUTPUT_BYTES_MAX) stop();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    if (output.stderr.length < ERROR_CHARS_MAX) output.stderr += chunk.slice(0, ERROR_CHARS_MAX);
  });
  // Git may end before it has read everything.
  child.stdin.on('error', () => {}).end(call.input ?? '');
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    return { ok: code === 0, ...output };
  } catch (error) {
    return { ok: false, stdout: '', stderr: messageOf(error) };
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
}
