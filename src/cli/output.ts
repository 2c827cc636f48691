import { AppError } from '#core/errors.ts';
import { CommandError } from './command-error.ts';
import type { OutputStream } from './command.ts';

const CELL_CHARS_MAX = 2_000;
// Everything that moves a terminal's cursor or changes its state: C0 and C1 controls, bidirectional overrides.
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from elsewhere (a claim, a server's message) made safe for a terminal and for a CI log: control
 * characters are shown, never sent, so that no branch name can clear a screen, hide a line, or start a line
 * that the platform reads as a workflow command.
 */
export function printable(text: string): string {
  const shown = text.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return shown.length > CELL_CHARS_MAX ? `${shown.slice(0, CELL_CHARS_MAX)}…` : shown;
}

/** Rows as columns padded to the widest cell; the last column is not padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Name and value pairs, aligned; what is undefined is left out. */
export function formatFields(
  fields: readonly (readonly [string, string | undefined])[],
  indent = '',
): string {
  const present = fields.filter((field): field is readonly [string, string] => field[1] !== undefined);
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present
    .map(([name, value]) => `${indent}${printable(name).padEnd(width)}  ${printable(value)}\n`)
    .join('');
}

/** `90` → `90 s`, `900` → `15 min`, `5400` → `1 h 30 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 120 && minutes % 60 !== 0) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `2026-11-23 00:36:25Z`: sortable, one width, always UTC. */
export function formatTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

function toOutputError(cause: Error): CommandError {
  if ('code' in cause && cause.code === 'EPIPE') {
    return new CommandError('output_closed', 'nobody reads the output any more', { cause });
  }
  const remedy = 'Check where standard output and standard error go.';
  return new CommandError('output_refused', `cannot write the output: ${cause.message}`, { remedy, cause });
}

/** Resolves when the stream has taken the text, so that it is there before whatever comes next. */
export function writeAll(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (cause) => (cause ? reject(toOutputError(cause)) : resolve()));
  });
}

/** What went wrong in one line, what to do in another; never a stack. */
export function formatError(error: unknown, format: 'text' | 'json'): string {
  const known = error instanceof AppError;
  const code = known ? error.code : 'internal_error';
  const message = error instanceof Error ? error.message : String(error);
  const remedy = known
    ? error.remedy
    : 'This is a bug in Vouchgate: report it with the command and the output of --version.';
  const location = known ? error.location : undefined;
  if (format === 'json') return `${JSON.stringify({ error: { code, message, location, remedy } })}\n`;
  const where = location === undefined ? '' : ` (${printable(location)})`;
  const advice = remedy === undefined ? '' : `  → ${printable(remedy)}\n`;
  return `vouchgate: ${printable(message)}${where} [${code}]\n${advice}`;
}
