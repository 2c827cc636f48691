import { isCleaned, type ShellLine } from './shell-script.ts';

/** Files by which a step tells the platform something for the steps behind it. */
export type CommandFile = 'GITHUB_ENV' | 'GITHUB_PATH' | 'GITHUB_OUTPUT';

/** A line whose text goes into such a file. */
export interface FileWrite {
  readonly line: ShellLine;
  /** What is written, without the redirection. */
  readonly payload: string;
  /** The name in front of `=`; undefined when the line has none of its own. */
  readonly name: string | undefined;
  /** The name of the heredoc that it stands in, `NAME<<EOF`; a line of it ends at its delimiter only. */
  readonly within: string | undefined;
  /** Written between lines whose delimiter nobody can guess. */
  readonly fenced: boolean;
}

function readName(payload: string): string | undefined {
  return /^\s*(?:echo|printf)\s+(?:-\w+\s+)*["']?([A-Za-z_][\w.-]*)=/.exec(payload)?.[1];
}

/** Where the text of a block `{ … } >> file`, or of `cat <<X >> file`, begins. */
function blockStart(lines: readonly ShellLine[], end: number): number {
  for (let index = end - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? '';
    if (/^\s*[{(]\s*$/.test(text)) return index + 1;
    if (/^\s*[})]/.test(text)) return end;
  }
  return end;
}

function heredocEnd(lines: readonly ShellLine[], start: number, delimiter: string): number {
  const end = lines.findIndex((line, index) => index > start && line.text.trim() === delimiter);
  return end === -1 ? lines.length : end;
}

const HEAD = /([A-Za-z_][\w.-]*)<<\s*(?=["']?[\w$-])/g;

/** For each line, the last heredoc of the platform's form that begins up to it. */
function headsOf(lines: readonly ShellLine[]): (string | undefined)[] {
  let last: string | undefined;
  return lines.map(({ text }) => {
    for (const match of text.matchAll(HEAD)) last = match[1];
    return last;
  });
}

/** The lines that write into a file of the platform's. */
export function findFileWrites(lines: readonly ShellLine[], file: CommandFile): FileWrite[] {
  const target = new RegExp(`(?:>>?|\\|\\s*tee\\s+(?:-a|--append))\\s*["']?\\$\\{?${file}\\b\\}?["']?`);
  const fenced = lines.some(({ text }) => /<<\s*["']?\$/.test(text));
  const heads = headsOf(lines);
  const writes: FileWrite[] = [];
  const add = (index: number, payloadOf: (text: string) => string): void => {
    const line = lines[index];
    const payload = payloadOf(line?.text ?? '');
    if (line === undefined || isCleaned(payload)) return;
    const name = readName(payload);
    const within = name === undefined ? heads[index] : undefined;
    writes.push({ line, payload, name, within, fenced: fenced && name === undefined });
  };
  for (let index = 0; index < lines.length; index += 1) {
    const text = lines[index]?.text ?? '';
    const match = target.exec(text);
    if (match === null || /^\s*#/.test(text)) continue;
    const payload = text.slice(0, match.index);
    const delimiter = /<<-?\s*([A-Za-z_]\w*)\s*$/.exec(text.replace(match[0], ''))?.[1];
    if (delimiter !== undefined && /^\s*cat\b/.test(payload)) {
      const end = heredocEnd(lines, index, delimiter);
      // In a heredoc nothing is split into words, as between double quotes.
      for (index += 1; index < end; index += 1) add(index, (inner) => `echo "${inner.trim()}"`);
    } else if (/^\s*[})]\s*$/.test(payload)) {
      for (let inner = blockStart(lines, index); inner < index; inner += 1) add(inner, (each) => each);
    } else add(index, () => payload);
  }
  return writes;
}
