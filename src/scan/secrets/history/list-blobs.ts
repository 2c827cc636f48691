import { type GitCall, HistoryError, streamGit } from './git-stream.ts';

/** The commit that brought a content in, as far as the history that is looked at goes. */
export interface Introduction {
  readonly blob: string;
  readonly file: string;
  readonly commit: string;
  /** Of its author, in seconds since the epoch. */
  readonly authoredSeconds: number;
  /** Commits that are newer: authors’ clocks do not say which came first. */
  readonly newerCommits: number;
}

const BLOBS_MAX = 5_000_000;
/** Links and submodules have no content of their own. */
const PLAIN_FILE = /^100/;
const NOTHING = /^0+$/;

/** Reads `git log --raw -z`: a header for each commit, then a line and a path for each file. */
class RawLog {
  readonly byBlob = new Map<string, Introduction>();
  #rest: Buffer = Buffer.alloc(0);
  #commit = '';
  #authoredSeconds = 0;
  #commits = 0;
  #entry: string | undefined;
  readonly #wants: (file: string) => boolean;

  constructor(wants: (file: string) => boolean) {
    this.#wants = wants;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, from)) {
      this.#token(bytes.toString('utf8', from, at));
      from = at + 1;
    }
    this.#rest = bytes.subarray(from);
  }

  #token(token: string): void {
    if (this.#entry !== undefined) {
      this.#file(this.#entry, token);
      this.#entry = undefined;
    } else if (token.startsWith('\u0001')) {
      const [commit = '', seconds = '0'] = token.slice(1).split(' ');
      this.#commit = commit;
      this.#authoredSeconds = Number(seconds);
      this.#commits += 1;
    } else if (token.trimStart().startsWith(':')) this.#entry = token.trimStart();
  }

  /** `:mode mode sha sha A`; a merge has a colon, a mode and a sha more for each further parent. */
  #file(entry: string, file: string): void {
    const parents = /^:+/.exec(entry)?.[0].length ?? 1;
    const fields = entry.slice(parents).split(' ');
    const [mode = '', blob = ''] = [fields[parents], fields[2 * parents + 1]];
    if (!PLAIN_FILE.test(mode) || NOTHING.test(blob) || !/^[0-9a-f]{40,64}$/.test(blob)) return;
    if (!this.#wants(file)) return;
    if (this.byBlob.size >= BLOBS_MAX)
      throw new HistoryError('history_unreadable', `more than ${BLOBS_MAX} contents in the history`, {
        remedy: 'Look at a range: --history=v1.0..HEAD',
      });
    // From the newest commit to the oldest: the last one that is seen is the first one that had it.
    this.byBlob.set(blob, {
      blob,
      file,
      commit: this.#commit,
      authoredSeconds: this.#authoredSeconds,
      newerCommits: this.#commits - 1,
    });
  }
}

/**
 * Every content that some commit brought in, with the oldest commit that did. `range` is what `git log` takes:
 * `--all` when it is undefined.
 */
export async function listBlobs(
  call: GitCall,
  range: string | undefined,
  wants: (file: string) => boolean,
): Promise<Map<string, Introduction>> {
  const log = new RawLog(wants);
  const format = [
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    // Of a folder of a repository its part of the history, with names from there.
    '--relative',
    '-c',
    '--format=tformat:%x01%H %at',
  ];
  const what = range === undefined ? ['--all'] : ['--end-of-options', range];
  await streamGit(call, ['log', ...format, ...what, '--'], (chunk) => log.take(chunk));
  return log.byBlob;
}

/** Contents of the files of HEAD; none when there is no commit. */
export async function listHeadBlobs(call: GitCall): Promise<ReadonlySet<string>> {
  const blobs = new Set<string>();
  let rest = '';
  const take = (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\0');
    rest = lines.pop() ?? '';
    for (const line of lines) blobs.add(line.split(/[ \t]/, 3)[2] ?? '');
  };
  try {
    await streamGit(call, ['ls-tree', '-r', '-z', 'HEAD'], take);
  } catch (error) {
    if (error instanceof HistoryError) return new Set();
    throw error;
  }
  return blobs;
}
