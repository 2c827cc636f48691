import { memoize } from '../../memoize.ts';
import type { Script, Step } from '../../model.ts';
import { type Flow, flowsOfCommands, flowsOfQuoted } from './shell-flow.ts';
import { isPowerShell, type ScriptLine, scriptLines } from './script-lines.ts';
import { flowsOfPowerShell, nameInPowerShell, payloadOfPowerShell } from './powershell-flow.ts';

/** Files by which a step tells the platform something for the steps behind it. */
export type CommandFile = 'GITHUB_ENV' | 'GITHUB_PATH' | 'GITHUB_OUTPUT';

/** A line whose text goes into such a file. */
export interface FileWrite {
  readonly line: ScriptLine;
  /** The name in front of `=`; undefined when the line has none of its own. */
  readonly name: string | undefined;
  /** The name of the heredoc that it stands in, `NAME<<EOF`; a line of it ends at its delimiter only. */
  readonly within: string | undefined;
  /** Written between lines whose delimiter nobody can guess. */
  readonly fenced: boolean;
  /** Printed as a command of the old form, `::set-output name=x::`. */
  readonly printed: boolean;
  readonly flows: readonly Flow[];
}

const NONE: readonly FileWrite[] = [];
/** More of them in one script than a person writes are not looked at. */
const WRITES_MAX = 500;

function readName(payload: string): string | undefined {
  return /^\s*(?:echo|printf)\s+(?:-\w+\s+)*["']?([A-Za-z_][\w.-]*)=/.exec(payload)?.[1];
}

/** Where the text of a block `{ … } >> file` begins. */
function blockStart(lines: readonly ScriptLine[], end: number): number {
  for (let index = end - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? '';
    if (/^\s*[{(]\s*(?:#.*)?$/.test(text)) return index + 1;
    if (/^\s*[})]/.test(text)) return end;
  }
  return end;
}

const HEAD = /([A-Za-z_][\w.-]*)<<-?\s*["']?([\w${-][^\s"'\\]*)/g;

interface Head {
  readonly name: string;
  /** Made at run time: `X<<$DELIMITER`. */
  readonly random: boolean;
}

/** For each line, the heredoc of the platform’s form that is open there. */
function headsOf(lines: readonly ScriptLine[]): (Head | undefined)[] {
  let last: Head | undefined;
  return lines.map(({ text }) => {
    for (const [, name = '', delimiter = ''] of text.matchAll(HEAD)) {
      last = { name, random: delimiter.includes('$') };
    }
    return last;
  });
}

const PRINTED: Readonly<Record<CommandFile, RegExp>> = {
  GITHUB_ENV: /::set-env\s+name=([\w.-]+)::(.*)$/,
  GITHUB_PATH: /::add-path(\s*)::(.*)$/,
  GITHUB_OUTPUT: /::set-output\s+name=([\w.-]+)::(.*)$/,
};

/** Collects what a script in a POSIX shell writes into one of the files. */
class WriteCollector {
  readonly writes: FileWrite[] = [];
  readonly #lines: readonly ScriptLine[];
  readonly #heads: readonly (Head | undefined)[];
  readonly #file: CommandFile;
  readonly #target: RegExp;

  constructor(lines: readonly ScriptLine[], file: CommandFile) {
    this.#lines = lines;
    this.#heads = headsOf(lines);
    this.#file = file;
    this.#target = new RegExp(
      `(?:\\d?>>?|\\btee\\s{1,20}(?:-a|--append))\\s{0,20}["']?\\$\\{?${file}\\b\\}?["']?`,
    );
  }

  collect(): FileWrite[] {
    for (let index = 0; index < this.#lines.length && this.writes.length < WRITES_MAX; index += 1) {
      const text = this.#lines[index]?.text ?? '';
      if (/^\s*#/.test(text)) continue;
      const match = this.#target.exec(text);
      if (match === null) this.#addPrinted(index, text);
      else index = this.#addRedirected(index, text, match);
    }
    return this.writes;
  }

  #add(index: number, name: string | undefined, flows: readonly Flow[], printed = false): void {
    const line = this.#lines[index];
    if (line === undefined) return;
    const head = name === undefined && !printed ? this.#heads[index] : undefined;
    const fenced = head?.random === true;
    this.writes.push({ line, name, within: head?.name, fenced, printed, flows });
  }

  #addPrinted(index: number, text: string): void {
    const match = PRINTED[this.#file].exec(text);
    if (match === null || !/\b(?:echo|printf)\b/.test(text)) return;
    const flows = flowsOfCommands(text).map((flow) => ({ ...flow, leads: this.#file === 'GITHUB_PATH' }));
    this.#add(index, match[1]?.trim() === '' ? undefined : match[1], flows, true);
  }

  /** Returns the last line that was used up. */
  #addRedirected(index: number, text: string, match: RegExpExecArray): number {
    const payload = text.slice(0, match.index);
    const heredoc = /<<-?\s{0,20}(["']?)([A-Za-z_]\w*)\1\s*$/.exec(text.replace(match[0], ''));
    if (heredoc !== null && /^\s*(?:cat\b|tee\b|$)/.test(payload)) {
      return this.#addHeredoc(index, heredoc[2] ?? '', heredoc[1] !== '');
    }
    if (/^\s*[})]\s*$/.test(payload)) {
      for (let inner = blockStart(this.#lines, index); inner < index; inner += 1) {
        const { text: command = '' } = this.#lines[inner] ?? {};
        if (!/^\s*#/.test(command)) this.#add(inner, readName(command), flowsOfCommands(command));
      }
      return index;
    }
    // `tee -a file < other` has its text behind the file.
    const command = payload.trim() === '' ? `cat ${text.slice(match[0].length + match.index)}` : payload;
    this.#add(index, readName(payload), flowsOfCommands(command));
    return index;
  }

  #addHeredoc(start: number, delimiter: string, literal: boolean): number {
    let index = start + 1;
    for (; index < this.#lines.length; index += 1) {
      const text = this.#lines[index]?.text ?? '';
      if (text.trim() === delimiter) break;
      const body = text.trim();
      const name = /^([A-Za-z_][\w.-]*)=/.exec(body)?.[1];
      this.#add(index, name, literal ? [] : flowsOfQuoted(body));
    }
    return index;
  }
}

function collectPowerShell(lines: readonly ScriptLine[], file: CommandFile): FileWrite[] {
  return lines.flatMap((line): FileWrite[] => {
    const payload = payloadOfPowerShell(line.text, file);
    if (payload === undefined) return [];
    const common = { line, within: undefined, fenced: false, printed: false };
    return [{ ...common, name: nameInPowerShell(payload), flows: flowsOfPowerShell(payload) }];
  });
}

function collect(step: Step, script: Script, file: CommandFile): readonly FileWrite[] {
  const { value } = script.text;
  if (!value.includes(file) && !value.includes('::set-') && !value.includes('::add-path')) return NONE;
  const lines = scriptLines(script);
  return isPowerShell(step) ? collectPowerShell(lines, file) : new WriteCollector(lines, file).collect();
}

const COLLECTED: Readonly<Record<CommandFile, (step: Step) => readonly FileWrite[]>> = {
  GITHUB_ENV: memoize((step: Step) => collectFrom(step, 'GITHUB_ENV')),
  GITHUB_PATH: memoize((step: Step) => collectFrom(step, 'GITHUB_PATH')),
  GITHUB_OUTPUT: memoize((step: Step) => collectFrom(step, 'GITHUB_OUTPUT')),
};

function collectFrom(step: Step, file: CommandFile): readonly FileWrite[] {
  return step.work.kind === 'script' ? collect(step, step.work, file) : NONE;
}

/** The lines of a step’s script that write into a file of the platform’s. */
export function findFileWrites(step: Step, file: CommandFile): readonly FileWrite[] {
  return COLLECTED[file](step);
}
