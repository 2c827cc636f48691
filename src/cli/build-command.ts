import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandDefinition, GlobalOptions, OptionDefinition } from './command.ts';
import { exitCodeMeanings, exitCodes } from './exit-codes.ts';

const HELP_COLUMNS_MAX = 80;

export interface Invocation {
  definition: CommandDefinition;
  args: readonly string[];
  options: Readonly<Record<string, string | readonly string[] | boolean | undefined>>;
  /** Only what was given after the command's name. */
  globalFlags: GlobalFlags;
}

/** Where commander's own texts go. */
export interface HelpOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export type GlobalFlags = { -readonly [Name in keyof GlobalOptions]?: GlobalOptions[Name] };

function globalOptions(): Option[] {
  return [
    new Option('--server <url>', 'address of Vouchgate (default: $VOUCHGATE_URL, else the last login)'),
    new Option('--ca-file <file>', 'trust these PEM certificates too (default: $VOUCHGATE_CA_FILE)'),
    new Option('--format <format>', 'how to print').choices(['text', 'json']),
    new Option('--quiet', 'print results and errors only'),
    new Option('--no-color', 'no colours (also: $NO_COLOR)').default(undefined),
  ].map((option) => option.helpGroup('Options of every command:'));
}

/** After the options of the command itself: those are what somebody looks for in its help. */
function addGlobalOptions(command: Command, own: readonly string[] = []): void {
  for (const option of globalOptions()) {
    if (!own.includes(option.name())) command.addOption(option);
  }
}

/** `--fix` for `--fix=safe`: commander would take an argument behind it for its value. */
class ShorthandCommand extends Command {
  readonly implied = new Map<string, string>();

  override parseOptions(argv: string[]): ReturnType<Command['parseOptions']> {
    const end = argv.indexOf('--');
    const expand = (argument: string, index: number) =>
      end !== -1 && index > end ? argument : (this.implied.get(argument) ?? argument);
    return super.parseOptions(argv.map(expand));
  }
}

/** A commander command with our help layout, that throws instead of ending the process. */
function createBareCommand(name: string, write: HelpOutput): ShorthandCommand {
  return (
    new ShorthandCommand(name)
      .exitOverride()
      .helpCommand(false)
      .helpOption('-h, --help', 'show this help')
      .configureHelp({
        helpWidth: HELP_COLUMNS_MAX,
        optionTerm: ({ flags }) => flags.replace(' [', '[='),
      })
      // Errors are printed by `main.ts`, in one way for all commands and formats.
      .configureOutput({ writeOut: write.out, writeErr: write.err, outputError: () => {} })
  );
}

/** The program itself: options before the name of a command, and nothing else. */
export function createRootCommand(name: string, write: HelpOutput): Command {
  const command = createBareCommand(name, write).option('-v, --version', 'show the version');
  addGlobalOptions(command);
  return command;
}

export function globalFlagsOf(command: Command): GlobalFlags {
  const { server, caFile, format: given, quiet, color } = command.opts<GlobalFlags & { format?: string }>();
  // A command's own `--format` knows more of them; those say nothing about how to print an error.
  const format = given === 'json' || given === 'text' ? given : undefined;
  return {
    ...(server === undefined ? {} : { server }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(format === undefined ? {} : { format }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(color === undefined ? {} : { color }),
  };
}

function toOption(name: string, definition: OptionDefinition): Option {
  const short = definition.short === undefined ? '' : `-${definition.short}, `;
  const [open, close] = definition.impliedValue === undefined ? '<>' : '[]';
  const value = definition.value === undefined ? '' : ` ${open}${definition.value}${close}`;
  const option = new Option(`${short}--${name}${value}`, definition.description);
  if (definition.choices !== undefined) option.choices([...definition.choices]);
  if (definition.repeatable === true) {
    // Set after `choices`, whose own parser would replace the list with the last value.
    const collected: string[] = [];
    option.argParser((given: string) => {
      if (definition.choices?.includes(given) === false) {
        throw new InvalidArgumentError(`It must be one of: ${definition.choices.join(', ')}.`);
      }
      collected.push(given);
      return collected;
    });
  }
  return option;
}

/** Options by their long name without dashes; `--no-x` arrives as `no-x: true`. */
function readOptions(command: Command, definition: CommandDefinition): Invocation['options'] {
  const given = command.opts<Record<string, string | string[] | boolean | undefined>>();
  const values: Record<string, string | readonly string[] | boolean | undefined> = {};
  for (const [name, option] of Object.entries(definition.options ?? {})) {
    const parsed = command.options.find((candidate) => candidate.long === `--${name}`);
    const value = parsed === undefined ? undefined : given[parsed.attributeName()];
    if (option.value !== undefined) values[name] = option.repeatable === true ? (value ?? []) : value;
    else values[name] = parsed?.negate === true ? value === false : value === true;
  }
  return values;
}

function describeExitCodes(definition: CommandDefinition): string {
  const offset = definition.exitCodeOffset ?? 0;
  const general = Object.entries(exitCodeMeanings)
    .filter(([code]) => offset === 0 || Number(code) > exitCodes.negative)
    .map(([code, meaning]): [string, string] => [String(Number(code) + offset), meaning]);
  const rows = new Map([...general, ...Object.entries(definition.exitCodes ?? {})]);
  return [...rows].map(([code, meaning]) => `  ${code.padEnd(9)}${meaning}`).join('\n');
}

function describeExamples(definition: CommandDefinition): string {
  const examples = definition.examples ?? [];
  if (examples.length === 0) return '';
  return `\nExamples:\n${examples.map((each) => `  # ${each.explanation}\n  ${each.command}\n`).join('')}`;
}

/** Builds a command, or a group with its subcommands; `invoke` gets what was parsed. */
export function buildCommand(
  name: string,
  definition: CommandDefinition,
  write: HelpOutput,
  invoke: (invocation: Invocation) => Promise<void>,
): Command {
  const command = createBareCommand(name, write).description(definition.description ?? definition.summary);
  command.summary(definition.summary);
  if (definition.subcommands !== undefined) {
    for (const subcommand of definition.subcommands) {
      command.addCommand(buildCommand(subcommand.name, subcommand, write, invoke));
    }
    addGlobalOptions(command);
    return command.enablePositionalOptions();
  }
  for (const argument of definition.args ?? []) command.argument(argument.name, argument.description);
  for (const [optionName, option] of Object.entries(definition.options ?? {})) {
    command.addOption(toOption(optionName, option));
    const { impliedValue } = option;
    if (impliedValue !== undefined) command.implied.set(`--${optionName}`, `--${optionName}=${impliedValue}`);
  }
  addGlobalOptions(command, Object.keys(definition.options ?? {}));
  command.addHelpText(
    'after',
    `${describeExamples(definition)}\nExit codes:\n${describeExitCodes(definition)}`,
  );
  if (definition.passThrough === true) command.passThroughOptions();
  return command.action(async () => {
    await invoke({
      definition,
      args: command.args,
      options: readOptions(command, definition),
      globalFlags: inheritedFlags(command),
    });
  });
}

/** Flags of the group and of the subcommand; the nearer one wins. */
function inheritedFlags(command: Command): GlobalFlags {
  const outer = command.parent === null ? {} : globalFlagsOf(command.parent);
  return { ...outer, ...globalFlagsOf(command) };
}
