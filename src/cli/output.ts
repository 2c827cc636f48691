import { CommandError } from './command-error.ts';
import type { OutputStream } from './command.ts';

const CELL_CHARS_MAX = 2_000;
// Everything that moves a terminal's cursor or changes its state: C0 and C1 controls, bidirectional overrides.
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** GitHub's runner and Azure's agent look for commands of this form anywhere in a line. */
const COMMAND = /#(?=#(?:\[|vso\[))/gu;

/**
 * Text from elsewhere (a claim, a server's message) made safe for a terminal and for a CI log: control
 * characters are shown, never sent, so that no branch name can clear a screen, hide a line, or start a line
 * that the platform reads as a workflow command.
 */
export function printable(text: string): string {
  const shown = text
    .replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(COMMAND, '#\\');
  return shown.length > CELL_CHARS_MAX ? `${shown.slice(0, CELL_CHARS_MAX)}…` : shown;
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
