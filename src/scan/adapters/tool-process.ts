import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';

export interface ToolLimits {
  readonly timeoutMs: number;
  /** Of the whole process group, resident; watched on Linux only. */
  readonly memoryBytesMax: number;
  /** Of stdout, of stderr, and of its report file. */
  readonly outputBytesMax: number;
}

export const defaultToolLimits: ToolLimits = {
  timeoutMs: 600_000,
  memoryBytesMax: 4_000_000_000,
  outputBytesMax: 256_000_000,
};

export interface ToolCommand {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; both are made anew. Files instead of pipes: the tool never waits for us, however busy we are. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Files that grow while it runs and count against the limit. */
  readonly watched?: readonly string[];
}

export type ToolEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  /** We ended it: it took too much of this. */
  | { readonly kind: 'stopped'; readonly limit: 'time' | 'memory' | 'output' }
  | { readonly kind: 'not-started'; readonly message: string };

/** A disk takes some ten MB in this time. */
const WATCH_MS = 20;
/** Looking at every process costs more than looking at three files. */
const MEMORY_EVERY = 10;
const PAGE_BYTES = 4_096;

/** Resident memory of a process group by /proc; undefined where there is none. */
function memoryOfGroup(group: number): number | undefined {
  let bytes = 0;
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        // proc(5): behind the name in brackets come state, parent, group; resident pages are the 24th field.
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(fields[2]) === group) bytes += Number(fields[21]) * PAGE_BYTES;
      } catch {
        // It ended meanwhile.
      }
    }
    return bytes;
  } catch {
    return undefined;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Ends whatever is left of the group, children of children too. */
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function writesTooMuch({ stdoutFile, stderrFile, watched = [] }: ToolCommand, bytesMax: number): boolean {
  return [stdoutFile, stderrFile, ...watched].some((file) => sizeOf(file) > bytesMax);
}

/** Calls `stop` when the group takes too much; returns how to end the watch. */
function watchGroup(
  group: number,
  command: ToolCommand,
  limits: ToolLimits,
  stop: (limit: 'memory' | 'output') => void,
): () => void {
  let looks = 0;
  const watch = setInterval(() => {
    looks += 1;
    if (writesTooMuch(command, limits.outputBytesMax)) stop('output');
    else if (looks % MEMORY_EVERY === 0 && (memoryOfGroup(group) ?? 0) > limits.memoryBytesMax)
      stop('memory');
  }, WATCH_MS);
  return () => clearInterval(watch);
}

/**
 * Runs a program in a process group of its own, and leaves nothing of it running. Never rejects for what the
 * program does.
 */
export function runToolProcess(command: ToolCommand, limits: ToolLimits): Promise<ToolEnd> {
  const stdout = openSync(command.stdoutFile, 'w', 0o600);
  const stderr = openSync(command.stderrFile, 'w', 0o600);
  return new Promise((resolve) => {
    const child = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', stdout, stderr],
      detached: true,
      shell: false,
    });
    closeSync(stdout);
    closeSync(stderr);
    const group = child.pid;
    let limit: 'time' | 'memory' | 'output' | undefined;
    const stop = (what: typeof limit) => {
      limit ??= what;
      if (group !== undefined) killGroup(group);
    };
    // Our own end takes it along: it has no terminal that would.
    const leave = () => stop('time');
    process.once('exit', leave);
    const timer = setTimeout(() => stop('time'), limits.timeoutMs);
    const endWatch = group === undefined ? () => {} : watchGroup(group, command, limits, stop);
    const finish = (end: ToolEnd) => {
      clearTimeout(timer);
      endWatch();
      process.off('exit', leave);
      if (group !== undefined) killGroup(group);
      resolve(limit === undefined ? end : { kind: 'stopped', limit });
    };
    child.once('error', (error) => finish({ kind: 'not-started', message: messageOf(error) }));
    child.once('exit', (code, signal) =>
      finish(code === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'exited', code }),
    );
  });
}

/** The first program of that name on the path; none below `refused`, where a scanned repository could put one. */
export function findProgram(name: string, searchPath: string, refused: string): string | undefined {
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    const inside = path.relative(refused, file);
    if (!inside.startsWith('..') && !path.isAbsolute(inside)) continue;
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() === true && (stats.mode & 0o111) !== 0) return file;
  }
  return undefined;
}
