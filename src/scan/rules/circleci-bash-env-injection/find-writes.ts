import type { Span } from '#pipeline/source.ts';

/** Text that is put into the file which every later step reads as code, and the place of it in the script. */
export interface Write extends Span {
  /** What the shell replaces in it before it is written; single quotes keep the rest from that. */
  readonly open: string;
}

const SCRIPT_CHARACTERS_MAX = 100_000;
const LINES_MAX = 3_000;
const LINE_CHARACTERS_MAX = 2_000;

const TARGET = /(?:>>?|\btee\s{1,5}(?:-a|--append)\s{1,5})\s{0,5}["']?\$\{?BASH_ENV\b/;
const HEREDOC = /<<-?\s{0,5}(["']?)([A-Za-z_]\w{0,60})\1/;

/** What stands between single quotes is written as it is, unless these stand in double quotes themselves. */
function withoutQuoted(line: string): string {
  let [kept, quote] = ['', ''];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '\\' && quote !== "'") at += 1;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else if (quote !== "'") kept += char;
  }
  return kept;
}

/** Commands that write a value so that a shell reads it as one word. */
const QUOTES_IT = /printf\s+(?:-v\s+\w+\s+)?["']?[^"'\n]{0,100}%q|@Q\}|@sh\b|shlex\.quote/;

/** Lines that go into `$BASH_ENV`, and here-documents that do. */
export function findBashEnvWrites(script: string): Write[] {
  const lines = script.slice(0, SCRIPT_CHARACTERS_MAX).split('\n', LINES_MAX);
  const writes: Write[] = [];
  let [start, heredoc] = [0, ''];
  for (const line of lines) {
    const [at, end] = [start, start + line.length];
    start = end + 1;
    if (line.length > LINE_CHARACTERS_MAX) continue;
    if (heredoc !== '') {
      if (line.trim() === heredoc) heredoc = '';
      else if (!QUOTES_IT.test(line)) writes.push({ start: at, end, open: line.replaceAll(/\\\$/g, '') });
      continue;
    }
    if (!TARGET.test(line) || /^\s*#/.test(line)) continue;
    const [, quoted, word] = HEREDOC.exec(line) ?? [];
    if (word !== undefined && quoted === '') heredoc = word;
    else if (word === undefined && !QUOTES_IT.test(line)) {
      const indent = line.length - line.trimStart().length;
      writes.push({ start: at + indent, end: at + line.trimEnd().length, open: withoutQuoted(line) });
    }
  }
  return writes;
}
