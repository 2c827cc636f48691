import type { ShellCommand } from './shell-words.ts';

/** What a program does to a text of somebody else’s on its way through. */
export type Effect =
  /** It comes out with everything that makes it dangerous. */
  | 'passes'
  /** It comes out as one line. */
  | 'one-line'
  /** Nothing comes out that could be more than a word or a number. */
  | 'cleans';

const RANK: readonly Effect[] = ['passes', 'one-line', 'cleans'];

export function strongerOf(left: Effect, right: Effect): Effect {
  return RANK.indexOf(left) >= RANK.indexOf(right) ? left : right;
}

/** Programs whose output is made of digits, or of an alphabet that no shell reads as more. */
const DIGESTS = new Set(
  'wc sha1sum sha224sum sha256sum sha384sum sha512sum md5sum b2sum cksum xxd od hexdump'.split(' '),
);
/** Programs that hand on what they read, in parts or in another order. */
const PASSES = new Set(
  'cat tee sort uniq cut rev tac fold column nl expand unexpand sponge iconv ts'.split(' '),
);
const LINE_BREAK = /\\n|\n|\[:space:\]|\[:cntrl:\]|\\012/;
/** A set of characters from which no command can be written. */
const SAFE_SET = /^(?:\[:(?:alnum|alpha|digit|lower|upper|xdigit):\]|[\w.,:@+/= -]|\\n){1,80}$/;

function argumentsOf(command: ShellCommand): string[] {
  return command.words.slice(1).map(({ text }) => text);
}

function effectOfTr(args: readonly string[]): Effect {
  const flags = args.filter((each) => /^-[a-zA-Z]+$|^--/.test(each)).join('');
  const [first = '', second] = args.filter((each) => !each.startsWith('-') || each === '-');
  const deletes = /^-\w*d|-\w*d|--delete/.test(flags);
  const others = /-\w*[cC]|--complement/.test(flags);
  if (deletes && others)
    return SAFE_SET.test(first) ? 'cleans' : LINE_BREAK.test(first) ? 'passes' : 'one-line';
  const takesLines = LINE_BREAK.test(first) && !others;
  return takesLines && (deletes || (second !== undefined && !LINE_BREAK.test(second)))
    ? 'one-line'
    : 'passes';
}

/** A pattern that matches nothing but digits, letters, and what stands in it. */
function isNarrowPattern(pattern: string): boolean {
  const plain = pattern.replace(/\\[.$|]/g, '').replace(/\(\?P?<\w{1,50}>/g, '(');
  return plain !== '' && !/\.|\[\^|\\[SWDXN]|\(\?<?[!=]|[;&|`$<>"'](?!$)/.test(plain);
}

function effectOfGrep(args: readonly string[]): Effect {
  const flags = args.filter((each) => each.startsWith('-')).join(' ');
  if (/(?:^| )-\w*[cq]|--(?:count|quiet|silent)/.test(flags)) return 'cleans';
  const pattern = args.find((each) => !each.startsWith('-')) ?? '';
  if (/(?:^| )-\w*o|--only-matching/.test(flags) && isNarrowPattern(pattern)) return 'cleans';
  return /^\^.*\$$/.test(pattern) && isNarrowPattern(pattern.slice(1, -1)) ? 'cleans' : 'passes';
}

function effectOfSed(args: readonly string[]): Effect {
  const program = args.join(' ').slice(0, 500);
  if (/s(.)\[\^[\w.,:@+/ \\-]{1,60}\]\+?\*?\1[\w-]?\1g/.test(program)) return 'cleans';
  return /(?:^|\s|')1(?:q|p)\b|N;\s?\$!ba|s\/\\n\//.test(program) ? 'one-line' : 'passes';
}

function effectOfJq(args: readonly string[]): Effect {
  const filter = args.filter((each) => !each.startsWith('-')).join(' ');
  if (/\btonumber\b|\blength\b|@base64\b(?!d)/.test(filter)) return 'cleans';
  const raw = args.some((each) => /^-[a-zA-Z]*[rj]|^--raw-output|^--join-output/.test(each));
  // As JSON a text keeps its line breaks to itself.
  return raw && !/@json\b|\btojson\b|@sh\b/.test(filter) ? 'passes' : 'one-line';
}

function effectOfLines(args: readonly string[]): Effect {
  const joined = args.join(' ');
  return /(?:^|\s)-(?:n\s?)?1(?:\s|$)|--lines[= ]1(?:\s|$)/.test(joined) ? 'one-line' : 'passes';
}

/** What a command does to what it reads; a program that nobody knows prints something of its own. */
export function effectOf(command: ShellCommand): Effect {
  const name = (command.words[0]?.text ?? '').replace(/^.*\//, '');
  const args = argumentsOf(command);
  if (DIGESTS.has(name)) return 'cleans';
  if (PASSES.has(name)) return 'passes';
  switch (name) {
    case 'tr':
      return effectOfTr(args);
    case 'head':
    case 'tail':
      return effectOfLines(args);
    case 'grep':
    case 'egrep':
      return effectOfGrep(args);
    case 'sed':
      return effectOfSed(args);
    case 'awk':
    case 'gawk':
      return /NR\s*==\s*1\b/.test(args[0] ?? '') ? 'one-line' : 'passes';
    case 'jq':
    case 'yq':
      return effectOfJq(args);
    case 'base64':
      return args.some((each) => /^-[dD]$|^--decode$/.test(each)) ? 'passes' : 'cleans';
    case 'paste':
      return 'one-line';
    case 'xargs':
      return args.length === 0 || /^(?:echo|-n|-0)/.test(args[0] ?? '') ? 'one-line' : 'cleans';
    default:
      return 'cleans';
  }
}
