import { spawn } from 'node:child_process';
import { AppError } from '#core/errors.ts';
import { gitArguments, gitEnvironment } from '../../engines/git-command.ts';

export class HistoryError extends AppError<'history_unreadable'> {}

export interface GitCall {
  readonly folder: string;
  readonly searchPath: string | undefined;
  readonly timeoutMs: number;
}

const ERROR_CHARS_MAX = 500;

/**
 * Runs git and hands over its output as it comes. `input` is written to it as fast as it reads.
 * @throws HistoryError with git's own words when it fails, is not there, or takes too long.
 */
export async function streamGit(
  call: GitCall,
  args: readonly string[],
  take: (chunk: Buffer) => void,
  input?: Iterable<string>,
): Promise<void> {
  const child = spawn('git', [...gitArguments, '-C', call.folder, ...args], {
    env: gitEnvironment(call.searchPath),
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group, so that what it starts ends with it.
    detached: process.platform !== 'win32',
  });
  let said = '';
  const timer = setTimeout(() => kill(child.pid), call.timeoutMs);
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(0, ERROR_CHARS_MAX);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (cause?: unknown) => {
        const why = said.trim() === '' ? 'git ended early' : said.trim();
        reject(
          new HistoryError('history_unreadable', `the history cannot be read: ${why}`, {
            remedy:
              'Run it in a git repository with its whole history (`git fetch --unshallow`), and with git installed.',
            cause,
          }),
        );
      };
      child.on('error', fail);
      child.stdout.on('data', (chunk: Buffer) => {
        try {
          take(chunk);
        } catch (error) {
          kill(child.pid);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      child.on('close', (code) => (code === 0 ? resolve() : fail()));
      child.stdin.on('error', () => {});
      void feed(child.stdin, input ?? []);
    });
  } finally {
    clearTimeout(timer);
  }
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

async function feed(stdin: NodeJS.WritableStream, input: Iterable<string>): Promise<void> {
  for (const text of input) {
    if (!stdin.write(text)) await new Promise((resolve) => stdin.once('drain', resolve));
  }
  stdin.end();
}
