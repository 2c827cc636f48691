import { type Effect, effectOf, strongerOf } from './shell-filters.ts';
import { findShellSource, type ShellSource } from './shell-sources.ts';
import {
  type Quoting,
  readCommands,
  readQuotedText,
  type ShellCommand,
  type ShellPipeline,
  type VariableUse,
  type Word,
} from './shell-words.ts';

/** Where a part of a text comes from. */
export type FlowOrigin =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'source'; readonly source: ShellSource };

/** Something that the shell puts into a text, and what happens to it on the way. */
export interface Flow {
  readonly origin: FlowOrigin;
  readonly effect: Effect;
  /** Where it is put in, in the text that was read. */
  readonly start: number;
  /** True when what is printed begins with it, so that it names what it is, too. */
  readonly leads: boolean;
}

const LINE_CHARS_MAX = 2_000;
/** Commands behind one that asks, in which what it asks for may be named. */
const FILTERS_MAX = 8;
const PREFIXES = new Set('{ ( then do else if elif while ! sudo time exec command env builtin'.split(' '));
/** Programs that print their arguments, or a part of them. */
const PRINTERS = new Set(['echo', 'printf', 'basename', 'dirname', 'realpath']);
/** Programs whose first argument says what to do, and whose others are files. */
const WITH_PROGRAM = new Set(['jq', 'yq', 'grep', 'egrep', 'sed', 'awk', 'gawk']);
const READERS = new Set([
  'cat',
  'head',
  'tail',
  'sort',
  'uniq',
  'cut',
  'tac',
  'tr',
  'base64',
  ...WITH_PROGRAM,
]);

function effectOfOperator(operator: string): Effect {
  // `${X//[^a-z]/}` leaves what is named; `${#X}` and `${X@Q}` leave nothing that could be more.
  if (/^\/\/\[[^\]]*\^|^\/\/\[!|^@[QA]/.test(operator)) return 'cleans';
  return /^\/\/?\$'\\n'|^\/\/\[\[:(?:space|cntrl):/.test(operator) ? 'one-line' : 'passes';
}

/** Without quotes the shell makes spaces of line breaks. */
function effectOfQuoting(quoting: Quoting, splits: boolean): Effect {
  return quoting === 'none' && splits ? 'one-line' : 'passes';
}

function ofVariable(use: VariableUse, splits: boolean, leads: boolean): Flow {
  const effect = strongerOf(effectOfOperator(use.operator), effectOfQuoting(use.quoting, splits));
  return { origin: { kind: 'variable', name: use.name }, effect, start: use.start, leads };
}

function ofWord(word: Word, splits: boolean, leads: boolean): Flow[] {
  const begins = (at: number): boolean => leads && at - word.start <= 1;
  const variables = word.variables.map((use) => ofVariable(use, splits, begins(use.start)));
  const substituted = word.substitutions.flatMap(({ pipelines, quoting, start }) =>
    pipelines.flatMap(ofPipeline).map((flow) => ({
      ...flow,
      start,
      leads: flow.leads && begins(start),
      effect: strongerOf(flow.effect, effectOfQuoting(quoting, splits)),
    })),
  );
  return [...variables, ...substituted];
}

/** A file as it is named, with the variables in its name; not one of the platform’s or the system’s. */
function ofFile(word: Word): Flow[] {
  const file = word.text;
  const isForeign =
    /[\w*]/.test(file) && !/^-|^\/(?:etc|proc|sys|usr|dev)\/|GITHUB_(?:ENV|OUTPUT|PATH|STATE)/.test(file);
  if (!isForeign) return [];
  const source = file.includes('GITHUB_EVENT_PATH');
  return source ? [] : [{ origin: { kind: 'file', file }, effect: 'passes', start: word.start, leads: true }];
}

function withoutPrefixes(command: ShellCommand): ShellCommand {
  const first = command.words.findIndex(({ text }) => !PREFIXES.has(text) && !/^[A-Za-z_]\w*=/.test(text));
  return { ...command, words: first === -1 ? [] : command.words.slice(first) };
}

/** Options whose value is the next word, in programs that count lines and characters. */
const COUNTS = new Set(['head', 'tail']);

function plainArguments({ words }: ShellCommand, name: string): Word[] {
  const args = words.slice(1);
  const isCount = (index: number) => COUNTS.has(name) && /^-[nc]$/.test(args[index - 1]?.text ?? '');
  return args.filter(({ text }, index) => !text.startsWith('-') && !isCount(index));
}

function filesOf(command: ShellCommand, name: string): Word[] {
  if (!READERS.has(name) || name === 'tr') return [...command.inputs];
  const words = plainArguments(command, name);
  return [...command.inputs, ...(WITH_PROGRAM.has(name) ? words.slice(1) : words)];
}

function textOf(command: ShellCommand): string {
  return command.words.map(({ text }) => text).join(' ');
}

/** Members of the platform’s answers that are made of digits, or of an alphabet that is no code. */
const PLAIN_MEMBER =
  /\.(?:number|id|node_id|sha|oid|headRefOid|state|login|created_at|updated_at|mergeable|merged|draft|isDraft)\W{0,4}$/;

function picksPlainMember(command: ShellCommand, flow: Flow): boolean {
  return flow.origin.kind !== 'file' && command.words[0]?.text === 'jq' && PLAIN_MEMBER.test(textOf(command));
}

/** What a command brings into a pipeline by itself. */
function ofCommand(raw: ShellCommand, behind: readonly ShellCommand[]): Flow[] {
  const command = withoutPrefixes(raw);
  const name = (command.words[0]?.text ?? '').replace(/^.*\//, '');
  // `$(<file)` has no words.
  if (name === '') return command.inputs.flatMap(ofFile);
  const start = command.words[0]?.start ?? 0;
  const source = findShellSource(name, [command, ...behind].map(textOf).join(' | '));
  if (source !== undefined)
    return [{ origin: { kind: 'source', source }, effect: 'passes', start, leads: true }];
  if (PRINTERS.has(name)) {
    const [first, ...rest] = command.words.slice(1).filter(({ text }) => !/^-[neE]+$/.test(text));
    // The format of printf is no place for what follows it.
    const quoted: Effect = name === 'printf' && /%q/.test(first?.text ?? '') ? 'cleans' : 'passes';
    const followsFormat = name === 'printf' && first?.text.startsWith('%s') === true;
    const flows = [
      ...(first === undefined ? [] : ofWord(first, true, true)),
      ...rest.flatMap((word, index) => ofWord(word, true, followsFormat && index === 0)),
    ];
    return flows.map((flow) => ({ ...flow, effect: strongerOf(flow.effect, quoted) }));
  }
  const read = [
    ...filesOf(command, name).flatMap(ofFile),
    ...command.texts.flatMap((text) => ofWord(text, false, true)),
  ];
  return read.map((flow) => ({ ...flow, effect: strongerOf(flow.effect, effectOf(command)) }));
}

/** What comes out at the end of a pipeline, with what each of its programs does to it. */
function ofPipeline(pipeline: ShellPipeline): Flow[] {
  let flows: Flow[] = [];
  for (const [index, command] of pipeline.entries()) {
    const effect = effectOf(withoutPrefixes(command));
    flows = [
      ...flows
        .filter((flow) => !picksPlainMember(command, flow))
        .map((flow) => ({ ...flow, effect: strongerOf(flow.effect, effect) })),
      ...ofCommand(command, pipeline.slice(index + 1, index + 1 + FILTERS_MAX)),
    ];
  }
  return flows.filter(({ effect }) => effect !== 'cleans');
}

/** What commands print. */
export function flowsOfCommands(text: string): Flow[] {
  return readCommands(text.slice(0, LINE_CHARS_MAX)).flatMap(ofPipeline);
}

/** What a text holds that stands between quotes: a line of a heredoc. */
export function flowsOfQuoted(text: string): Flow[] {
  return ofWord(readQuotedText(text.slice(0, LINE_CHARS_MAX)), false, true).filter(
    ({ effect }) => effect !== 'cleans',
  );
}

/** What the value of an assignment holds; nothing in it is split. */
export function flowsOfValue(text: string): Flow[] {
  const [[command] = []] = readCommands(text.slice(0, LINE_CHARS_MAX));
  const [word] = command?.words ?? [];
  return word === undefined ? [] : ofWord(word, false, true).filter(({ effect }) => effect !== 'cleans');
}
