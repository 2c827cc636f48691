import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type GitCall, callGit } from '#posture/sources/git-process.ts';
import type { PlannedCommit } from './plan.ts';

const TIMEOUT_MS = 30_000;

/** The hash of each commit, as git made it. */
export type CommitHashes = ReadonlyMap<PlannedCommit, string>;

export class HistoryError extends Error {}

/**
 * Makes bare repositories `owner/name.git` with these commits. Names, dates and contents are all that goes into a
 * hash, so the same plan has the same hashes. @throws HistoryError where there is no git.
 */
export async function writeHistory(
  mirror: string,
  commits: readonly PlannedCommit[],
  searchPath: string | undefined,
): Promise<CommitHashes> {
  const hashes = new Map<PlannedCommit, string>();
  for (const [repository, ofRepository] of Map.groupBy(commits, (commit) => commit.repository.name)) {
    const folder = path.join(mirror, `${repository}.git`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const git = async (args: readonly string[], input?: string): Promise<string> => {
      const call: GitCall = {
        args: ['-C', folder, ...args],
        searchPath,
        protocols: 'file',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      };
      const { ok, stdout, stderr } = await callGit(input === undefined ? call : { ...call, input });
      if (ok) return stdout;
      throw new HistoryError(`git ${args[0]}: ${stderr}`);
    };
    await git(['init', '--quiet', '--bare', '--initial-branch=main']);
    const ordered = ofRepository.toSorted((a, b) => a.atMs - b.atMs);
    await git(['fast-import', '--quiet', '--force', '--export-marks=marks'], toStream(ordered));
    const marks = await readMarks(path.join(folder, 'marks'));
    ordered.forEach((commit, index) => hashes.set(commit, marks.get(index + 1) ?? ''));
  }
  return hashes;
}

async function readMarks(file: string): Promise<Map<number, string>> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [mark = '', hash = ''] = line.split(' ');
      return [Number(mark.slice(1)), hash];
    }),
  );
}

/** What `git fast-import` reads. A branch begins at the newest commit of `main`. */
function toStream(commits: readonly PlannedCommit[]): string {
  let main: number | undefined;
  const parts = commits.map((commit, index) => {
    const { branch, author, atMs, message, files } = commit;
    const who = `${author} <${author}@acme.example> ${Math.floor(atMs / 1_000)} +0000`;
    const from = main === undefined ? '' : `from :${main}\n`;
    if (branch === 'main') main = index + 1;
    const head = `commit refs/heads/${branch}\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n`;
    const changes = files.map(({ path: file, text }) => `M 100644 inline ${file}\n${data(text)}`);
    return `${head}${data(message)}${from}deleteall\n${changes.join('')}`;
  });
  return `${parts.join('\n')}\ndone\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
