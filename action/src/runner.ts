import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { disarm } from '#cli/layout.ts';
import { printable } from '#cli/output.ts';
import { maskableLines } from '#cli/platform/log-masking.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What an action and its runner say to each other: files named by variables, and commands on stdout. */
export interface Runner {
  readonly env: Environment;
  /** Empty text when it was not given. */
  input(name: string): string;
  /** Hides the values in the log from here on; each line by itself. */
  mask(values: readonly string[]): void;
  exportVariable(name: string, value: string): void;
  setOutput(name: string, value: string): void;
  /** For the post step only. */
  saveState(name: string, value: string): void;
  state(name: string): string | undefined;
  info(message: string): void;
  warn(message: string): void;
  /** Shows an error on the page of the run; the exit code is the caller's. */
  error(message: string): void;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** `name<<delimiter`, with a delimiter that no value can know: else a value could set variables of its own. */
export function formatFileCommand(
  name: string,
  value: string,
  delimiter = `vouchgate_${randomUUID()}`,
): string {
  if (/[\r\n=]|<</u.test(name) || name.includes(delimiter) || value.includes(delimiter)) {
    throw new Error('the name or the value of a file command would break out of it');
  }
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

export function createRunner(env: Environment, write: (text: string) => void): Runner {
  const append = (variable: string, name: string, value: string) => {
    const file = env[variable];
    if (file === undefined || file === '')
      throw new Error(`${variable} is not set: this is no step of a GitHub job`);
    appendFileSync(file, formatFileCommand(name, value));
  };
  const say = (command: string, message: string) => write(`::${command}::${escapeData(message)}\n`);
  return {
    env,
    input: (name) => (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim(),
    mask(values) {
      for (const line of maskableLines(values)) say('add-mask', line);
    },
    exportVariable: (name, value) => append('GITHUB_ENV', name, value),
    setOutput: (name, value) => append('GITHUB_OUTPUT', name, value),
    saveState: (name, value) => append('GITHUB_STATE', name, value),
    state: (name) => env[`STATE_${name}`],
    info: (message) => write(`${disarm(printable(message))}\n`),
    warn: (message) => say('warning', message),
    error: (message) => say('error', message),
  };
}
