import { spawn } from 'node:child_process';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { readOwnFile } from '../read-own-file.ts';

/** How git is called: it reads objects, and nothing that a repository says about itself is run. */
export interface GitRunner {
  /** `PATH` of the caller. */
  readonly searchPath: string | undefined;
  readonly timeoutMs: number;
}

export interface TreeFile {
  readonly file: string;
  readonly objectId: string;
}

export type Blob = { readonly text: string } | { readonly message: string };

const TREE_BYTES_MAX = 256 * 1_048_576;
const HEADER_CHARS_MAX = 5_000;

const SAFE_SETTINGS = [
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
];

function environmentOf({ searchPath }: GitRunner): NodeJS.ProcessEnv {
  return {
    ...(searchPath === undefined ? {} : { PATH: searchPath }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A partial clone would fetch what it lacks from wherever its configuration says.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

/** Runs git and hands its output on as it comes; resolves to whether it ended well. */
async function runGit(
  gitFolder: string,
  args: readonly string[],
  runner: GitRunner,
  { input, onOutput }: { readonly input?: string; readonly onOutput: (chunk: Buffer) => 'continue' | 'stop' },
): Promise<boolean> {
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn('git', ['--no-pager', ...settings, '--git-dir', gitFolder, ...args], {
    env: environmentOf(runner),
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: runner.timeoutMs,
    killSignal: 'SIGKILL',
  });
  return await new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
    // Git may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      if (onOutput(chunk) === 'stop') child.kill('SIGKILL');
    });
    child.stdin.end(input ?? '');
  });
}

/** No way out of the folder that it will be written to, and into no `.git`. */
function isPlainPath(file: string): boolean {
  const parts = file.split('/');
  return (
    !/[\0\\\n]/.test(file) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))
  );
}

function readTreeLine(line: string): TreeFile | undefined {
  // Regular files only: a link leads somewhere else, and a submodule is another repository.
  const match = /^100(?:644|755|664) blob ([0-9a-f]{40}|[0-9a-f]{64})\t/.exec(line);
  const file = match === null ? '' : line.slice(match[0].length);
  return match?.[1] !== undefined && isPlainPath(file) ? { file, objectId: match[1] } : undefined;
}

/** Regular files of HEAD that are wanted; undefined when git cannot tell, or when there is no end to them. */
export async function listHead(
  gitFolder: string,
  runner: GitRunner,
  wanted: (file: string) => boolean,
): Promise<readonly TreeFile[] | undefined> {
  return await listTree(gitFolder, 'HEAD', runner, wanted);
}

/** The same of a commit, by its full hash: nothing else may become an argument. */
export async function listTree(
  gitFolder: string,
  revision: string,
  runner: GitRunner,
  wanted: (file: string) => boolean,
): Promise<readonly TreeFile[] | undefined> {
  if (!/^(?:HEAD|[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)) return undefined;
  const files: TreeFile[] = [];
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let bytes = 0;
  const ended = await runGit(gitFolder, ['ls-tree', '-r', '-z', '--full-tree', revision], runner, {
    onOutput(chunk) {
      bytes += chunk.length;
      const lines = (rest + decoder.write(chunk)).split('\0');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const read = readTreeLine(line);
        if (read !== undefined && wanted(read.file)) files.push(read);
      }
      return bytes > TREE_BYTES_MAX ? 'stop' : 'continue';
    },
  });
  return ended ? files : undefined;
}

/** Reads the answers of `git cat-file --batch`, and keeps no content that is larger than allowed. */
class BatchReader {
  readonly blobs: Blob[] = [];
  readonly #bytesMax: number;
  #header: Buffer = Buffer.alloc(0);
  #left = -1;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  take(chunk: Buffer): 'continue' | 'stop' {
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      rest = this.#left < 0 ? this.#takeHeader(rest) : this.#takeContent(rest);
      if (this.#header.length > HEADER_CHARS_MAX) return 'stop';
    }
    return 'continue';
  }

  #takeHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(0x0a);
    if (end === -1) {
      this.#header = Buffer.concat([this.#header, chunk]);
      return Buffer.alloc(0);
    }
    const header = Buffer.concat([this.#header, chunk.subarray(0, end)]).toString('utf8');
    this.#header = Buffer.alloc(0);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
    if (size === undefined) this.blobs.push({ message: 'git does not have its content' });
    else {
      this.#size = Number(size);
      // A line break ends the content.
      this.#left = this.#size + 1;
    }
    return chunk.subarray(end + 1);
  }

  #takeContent(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#size <= this.#bytesMax) this.#kept.push(part);
    if (this.#left === 0) {
      const text = Buffer.concat(this.#kept).subarray(0, this.#size).toString('utf8');
      const tooLarge = { message: `larger than ${this.#bytesMax} bytes, so it was not read` };
      this.blobs.push(this.#size > this.#bytesMax ? tooLarge : { text });
      this.#kept = [];
      this.#left = -1;
    }
    return chunk.subarray(part.length);
  }
}

/** Contents in the order of `names` (object ids, or `HEAD:path`), with one process; short when git ended early. */
export async function readBlobs(
  gitFolder: string,
  names: readonly string[],
  runner: GitRunner,
  bytesMax: number,
): Promise<readonly Blob[]> {
  const reader = new BatchReader(bytesMax);
  const input = names.map((name) => `${name}\n`).join('');
  await runGit(gitFolder, ['cat-file', '--batch'], runner, {
    input,
    onOutput: (chunk) => reader.take(chunk),
  });
  return reader.blobs;
}

function readPlain(file: string): string | undefined {
  try {
    return readOwnFile(file);
  } catch {
    return undefined;
  }
}

/** The commit of HEAD by its files alone; undefined when they do not tell (then git is asked for the rest anyway). */
export function readHeadCommit(gitFolder: string): string | undefined {
  const head = readPlain(path.join(gitFolder, 'HEAD'))?.trim() ?? '';
  if (/^[0-9a-f]{40,64}$/.test(head)) return head;
  const ref = /^ref: (refs\/[\w./-]{1,500})$/.exec(head)?.[1];
  if (ref === undefined || ref.includes('..')) return undefined;
  const loose = readPlain(path.join(gitFolder, ref))?.trim();
  if (loose !== undefined) return /^[0-9a-f]{40,64}$/.test(loose) ? loose : undefined;
  const packed = readPlain(path.join(gitFolder, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((each) => each.endsWith(` ${ref}`));
  const commit = line?.split(' ', 1)[0] ?? '';
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined;
}
