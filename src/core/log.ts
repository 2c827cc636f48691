import { messageOf } from './errors.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured log of the operator, not the audit record: it may be lost. `event` is a stable dotted name
 * (`jwks.refresh_failed`), everything variable goes into `fields`.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const FIELD_CHARS_MAX = 2_000;

function printable(value: unknown): unknown {
  if (value instanceof Error) return messageOf(value).slice(0, FIELD_CHARS_MAX);
  if (typeof value === 'string') return value.slice(0, FIELD_CHARS_MAX);
  if (typeof value === 'bigint') return value.toString();
  return value;
}

/** A logger that writes one JSON object a line; JSON escapes control characters, so no field can forge a line. */
export function createJsonLogger(options: {
  level: LogLevel;
  now: () => number;
  write: (line: string) => void;
}): Logger {
  const emit = (level: LogLevel, event: string, fields: LogFields = {}) => {
    if (RANK[level] < RANK[options.level]) return;
    const entry: Record<string, unknown> = { time: new Date(options.now()).toISOString(), level, event };
    for (const [name, value] of Object.entries(fields)) entry[name] = printable(value);
    options.write(`${JSON.stringify(entry)}\n`);
  };
  return {
    debug: (event, fields) => emit('debug', event, fields),
    info: (event, fields) => emit('info', event, fields),
    warn: (event, fields) => emit('warn', event, fields),
    error: (event, fields) => emit('error', event, fields),
  };
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
