import { CommanderError } from 'commander';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger, silentLogger, type Logger, type LogLevel } from '#core/log.ts';
import { nearestWord } from '#core/nearest.ts';
import {
  buildCommand,
  createRootCommand,
  globalFlagsOf,
  type GlobalFlags,
  type Invocation,
} from './build-command.ts';
import { CommandError } from './command-error.ts';
import type { CommandRegistration, CommandStreams, Environment, GlobalOptions } from './command.ts';
import { commandRegistry } from './commands.generated.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { formatError } from './format-error.ts';
import { writeAll } from './output.ts';

const LOG_LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies LogLevel[];

function isLogLevel(text: string | undefined): text is LogLevel {
  return text !== undefined && LOG_LEVELS.includes(text);
}

function createLog(streams: CommandStreams): Logger {
  const level = streams.env['VOUCHGATE_LOG'];
  if (!isLogLevel(level)) return silentLogger;
  const write = (line: string) => {
    streams.stderr.write(line);
  };
  return createJsonLogger({ level, now: () => streams.clock.nowMs(), write });
}

/** Empty variables count as unset: a CI system sets them so when a setting is missing. */
function setting(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

function resolveGlobalOptions(flags: GlobalFlags, streams: CommandStreams): GlobalOptions {
  const { env } = streams;
  return {
    server: flags.server ?? setting(env, 'VOUCHGATE_URL'),
    caFile: flags.caFile ?? setting(env, 'VOUCHGATE_CA_FILE'),
    format: flags.format ?? 'text',
    quiet: flags.quiet ?? false,
    color: (flags.color ?? true) && setting(env, 'NO_COLOR') === undefined && streams.stdout.isTTY === true,
  };
}

function commandList(registry: readonly CommandRegistration[]): string {
  const width = Math.max(...registry.map(({ name }) => name.length));
  const rows = registry.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('');
  return `\nCommands:\n${rows}\nvouchgate <command> --help tells more.`;
}

function findCommand(name: string, registry: readonly CommandRegistration[]): CommandRegistration {
  const found = registry.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = registry.map((each) => each.name);
  const near = nearestWord(name, names);
  throw new CommandError('command_unknown', `there is no command "${name}"`, {
    remedy: near === undefined ? `The commands are: ${names.join(', ')}.` : `Did you mean "${near}"?`,
  });
}

/** Commander's own complaint (unknown option, missing argument) in our form. */
function toCommandError(error: CommanderError): CommandError {
  const [message = '', hint] = error.message.replace(/^error: /u, '').split('\n');
  const remedy = hint?.replace(/^\((.*)\)$/u, '$1') ?? 'Add --help to see what this command takes.';
  return new CommandError('usage_invalid', message, { remedy, cause: error });
}

function isHelp(error: unknown): boolean {
  return (
    error instanceof CommanderError &&
    (error.code === 'commander.helpDisplayed' || error.code === 'commander.help')
  );
}

interface Selection {
  name: string | undefined;
  rest: readonly string[];
  flags: GlobalFlags;
}

/** Reads what stands before the command's name, and leaves the rest to the command. */
function selectCommand(
  argv: readonly string[],
  registry: readonly CommandRegistration[],
  out: (text: string) => void,
): Selection {
  const root = createRootCommand('vouchgate', { out, err: out })
    .usage('[options] <command>')
    .description('Short-lived credentials for pipeline jobs: the job proves who it is, a policy decides.')
    .argument('[command]')
    .argument('[arguments...]')
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', commandList(registry));
  root.parse([...argv], { from: 'user' });
  const [name, ...rest] = root.args;
  if (name === undefined) root.outputHelp();
  if (name !== 'help') return { name, rest, flags: globalFlagsOf(root) };
  const [topic, ...more] = rest;
  if (topic === undefined) root.outputHelp();
  return { name: topic, rest: [...more, '--help'], flags: globalFlagsOf(root) };
}

/** Runs one command line; resolves to the exit code and never rejects. */
export async function main(
  argv: readonly string[],
  streams: CommandStreams,
  registry: readonly CommandRegistration[] = commandRegistry,
): Promise<number> {
  const log = createLog(streams);
  const write = {
    out: (text: string) => void streams.stdout.write(text),
    err: (text: string) => void streams.stderr.write(text),
  };
  let flags: GlobalFlags = {};
  let offset = 0;
  let code: number = exitCodes.ok;
  const invoke = async ({ definition, args, options, globalFlags }: Invocation) => {
    flags = { ...flags, ...globalFlags };
    offset = definition.exitCodeOffset ?? 0;
    const global = resolveGlobalOptions(flags, streams);
    const context = { ...streams, args, options, global, isTty: streams.stdout.isTTY === true, log };
    code = (await definition.run?.(context)) ?? exitCodes.ok;
  };
  try {
    const selection = selectCommand(argv, registry, write.out);
    flags = selection.flags;
    if (selection.name === undefined) return exitCodes.ok;
    const { command } = await findCommand(selection.name, registry).load();
    offset = command.exitCodeOffset ?? 0;
    const runnable = buildCommand(`vouchgate ${command.name}`, command, write, invoke);
    if (command.subcommands !== undefined && selection.rest.length === 0) {
      runnable.outputHelp();
      return exitCodes.usage;
    }
    await runnable.parseAsync([...selection.rest], { from: 'user' });
    return code;
  } catch (error) {
    // The reader may have seen enough (`vouchgate audit list | head`): that is no failure.
    const isRead = error instanceof CommandError && error.code === 'output_closed';
    if (isHelp(error) || isRead) return exitCodes.ok;
    const shown = error instanceof CommanderError ? toCommandError(error) : error;
    log.error('command.failed', { error: shown, stack: shown instanceof Error ? shown.stack : undefined });
    const format = flags.format ?? (argv.includes('--format=json') ? 'json' : 'text');
    await writeAll(streams.stderr, formatError(shown, format));
    return exitCodeOf(shown) + offset;
  }
}

/** The process's own entry, called by `bin/vouchgate.js`. */
export async function runMain(): Promise<void> {
  // Whoever writes is told by `writeAll`; without a listener the event would end the process before it has
  // revoked what it holds.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.exitCode = await main(process.argv.slice(2), {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    clock: systemClock,
  });
}
