import type { Script, Step } from '#pipeline/model.ts';
import { type CommandLine, commandLinesOf, locateMatch } from '../../shared/shell-commands.ts';
import type { FixDraft } from '../../rule.ts';
import type { Span } from '#pipeline/source.ts';

const COMMAND = /::(set-env|add-path|set-output|save-state)\b(?=[\s:])/;
/** `echo "::set-output name=x::value"` and nothing else on its line; no quotes or `%` escapes in the value. */
const PLAIN = /^\s*echo\s+(["'])::(set-output|save-state)\s+name=([\w-]+)::([^"'%\\]*)\1\s*$/;
const FILES: Readonly<Record<string, string>> = {
  'set-output': 'GITHUB_OUTPUT',
  'save-state': 'GITHUB_STATE',
};

export interface OldCommand {
  readonly name: string;
  readonly span: Span;
  readonly fix: FixDraft | undefined;
}

function isPosixShell(step: Step, script: Script): boolean {
  const shell = script.shell?.value;
  if (shell !== undefined) return shell === 'bash' || shell === 'sh';
  return step.job.runner?.labels.every(({ value }) => /^(?:ubuntu|macos)-/.test(value)) === true;
}

function fixOf(line: CommandLine, step: Step, script: Script): FixDraft | undefined {
  const match = PLAIN.exec(line.text);
  if (match === null || !isPosixShell(step, script)) return undefined;
  const [, quote = '"', command = '', name = '', value = ''] = match;
  const start = line.text.length - line.text.trimStart().length;
  const span = locateMatch(script, line, start, line.text.trimEnd().length - start);
  const replacement = `echo ${quote}${name}=${value}${quote} >> "$${FILES[command] ?? ''}"`;
  // Of a value with line breaks the command takes the first line, and the file takes none.
  const safety = /[$`]/.test(value) ? 'unsafe' : 'safe';
  return { title: 'write to the file', safety, edits: [{ ...span, replacement }] };
}

function isPrinted(text: string): boolean {
  return /\b(?:echo|printf|print|console\.log|write-(?:host|output))\b/i.test(text);
}

/** Commands that a script prints for the runner, one a line at most. */
export function findOldCommands(step: Step, script: Script): OldCommand[] {
  return commandLinesOf(script, { printed: true }).flatMap((line) => {
    const match = COMMAND.exec(line.text);
    if (match === null || !isPrinted(line.text)) return [];
    const span = locateMatch(script, line, match.index, match[0].length);
    return [{ name: match[1] ?? '', span, fix: fixOf(line, step, script) }];
  });
}
