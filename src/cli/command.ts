import type { Readable, Writable } from 'node:stream';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';

/**
 * One `--option` of a command, under its long name without dashes. With the name of a global option it stands in
 * its place; the command then sees the value in both.
 */
export interface OptionDefinition {
  /** Placeholder of the value in help (`DURATION`); without it the option is a switch. */
  readonly value?: string;
  /** What the option stands for without a value. One that is given needs `=`, as an argument may come next. */
  readonly impliedValue?: string;
  /** One letter, for `-k`. */
  readonly short?: string;
  readonly description: string;
  /** May be given several times; the command sees all values in order. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
}
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** Text for an option with a value, a list where it is repeatable, a switch otherwise; any of them while not known. */
type OptionValue<Definition extends OptionDefinition> = Definition extends { value: string; repeatable: true }
  ? readonly string[]
  : Definition extends { value: string }
    ? string | undefined
    : Definition extends { description: string; value?: undefined }
      ? boolean
      : string | readonly string[] | boolean | undefined;

/** What a command receives for the options that it defines. */
export type OptionValues<Options extends OptionDefinitions> = {
  readonly [Name in keyof Options]: OptionValue<Options[Name]>;
};

export interface ArgumentDefinition {
  /** As help shows it: `<resource>` is required, `[id...]` is optional and takes the rest. */
  readonly name: string;
  readonly description: string;
}

export interface Example {
  readonly command: string;
  readonly explanation: string;
}

/** Options that every command has. */
export interface GlobalOptions {
  /** `--server`, else `VOUCHGATE_URL`; undefined when neither is set. Not checked yet. */
  readonly server: string | undefined;
  /** `--ca-file`, else `VOUCHGATE_CA_FILE`: PEM certificates trusted beside those of the system. */
  readonly caFile: string | undefined;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly color: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The process as a command sees it, so that a test can be one. */
export interface CommandStreams {
  readonly env: Environment;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly cwd: string;
  readonly clock: Clock;
}

export interface CommandContext<Options extends OptionDefinitions = OptionDefinitions>
  extends CommandStreams {
  readonly args: readonly string[];
  readonly options: OptionValues<Options>;
  readonly global: GlobalOptions;
  /** True when stdout is a terminal. */
  readonly isTty: boolean;
  /** Operator's log on stderr, one JSON object a line; quiet unless `VOUCHGATE_LOG` names a level. */
  readonly log: Logger;
}

/** A command, or a group of them: then `subcommands` is set and `run` is not. One file `commands/<name>.ts`. */
export interface CommandDefinition<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  /** One line in the list of commands; equal to the registry's. */
  readonly summary: string;
  /** Paragraphs under the usage line. */
  readonly description?: string;
  readonly args?: readonly ArgumentDefinition[];
  readonly options?: Options;
  readonly examples?: readonly Example[];
  /** Exit codes that mean something special here, beside those of `exit-codes.ts`. */
  readonly exitCodes?: Readonly<Record<string, string>>;
  /** Everything from the first argument on belongs to the arguments, options too: for commands that run another. */
  readonly passThrough?: boolean;
  /** Added to the exit codes of our own failures, where the plain ones belong to a child process. */
  readonly exitCodeOffset?: number;
  readonly subcommands?: readonly CommandDefinition[];
  /** Resolves to the exit code; throws an `AppError` for everything that needs a remedy. */
  run?(context: CommandContext<Options>): Promise<number>;
}

/** Types a command's options from their definitions, then forgets them for the registry. */
export function defineCommand<const Options extends OptionDefinitions>(
  definition: CommandDefinition<Options>,
): CommandDefinition {
  // The registry calls `run` only with values that were parsed by these very definitions (`build-command.ts`).
  return definition;
}

/** A row of `commands.generated.ts`: what the list of commands needs, without loading any of them. */
export interface CommandRegistration {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ command: CommandDefinition }>;
}
