import { mentionsInText } from '#pipeline/secret-variables.ts';
import type { Span } from '#pipeline/source.ts';

/** A file that a script writes secrets into. */
export interface Written extends Span {
  readonly file: string;
  /** In words, for the end of a sentence. */
  readonly what: string;
}

const ALL_VARIABLES =
  /(?:^|[;&|]\s{0,5}|\s)(?:printenv|env|export -p|declare -x|set)\s{0,5}(?:\|\s{0,5}(?:sort|grep)\b[^|>\n]{0,100})?(?:\d?>{1,2}|\|\s{0,5}tee(?:\s-a)?)\s{0,5}$/;
const TARGET = /(?:>{1,2}|\btee(?:\s{1,5}-a)?)\s{0,5}(["']?)([\w./${}~-]{1,200})\1/g;
const LINE_CHARACTERS_MAX = 1_000;
const LINES_MAX = 3_000;

/** Streams, nothing, and files for the steps of this job alone. */
const NO_FILE = /^(?:\/dev\/|&|\$BASH_ENV|\$\{BASH_ENV\}|\d$)/;

function normalise(file: string): string {
  return file.replace(
    /^(?:\.\/|~\/project\/|\$\{?(?:BITBUCKET_CLONE_DIR|CIRCLE_WORKING_DIRECTORY|PWD)\}?\/)/,
    '',
  );
}

function describe(before: string, secrets: ReadonlySet<string>): string | undefined {
  if (ALL_VARIABLES.test(before)) return 'all variables of the run';
  if (!/\b(?:echo|printf)\b/.test(before)) return undefined;
  const secret = mentionsInText(before).find(({ name }) => secrets.has(name));
  return secret === undefined ? undefined : `$${secret.name.slice(0, 50)}`;
}

/** Redirections of a script whose content holds one of the secrets, or all of them. */
export function findWrittenSecrets(script: string, secrets: ReadonlySet<string>): Written[] {
  const found: Written[] = [];
  let start = 0;
  for (const line of script.split('\n', LINES_MAX)) {
    const at = start;
    start += line.length + 1;
    if (line.length > LINE_CHARACTERS_MAX || !/>|\btee\b/.test(line)) continue;
    for (const match of line.matchAll(TARGET)) {
      const file = normalise(match[2] ?? '');
      const opens = match.index + match[0].length - (match[2] ?? '').length - (match[1] ?? '').length;
      const what = NO_FILE.test(file) ? undefined : describe(line.slice(0, opens), secrets);
      if (what === undefined) continue;
      const indent = line.length - line.trimStart().length;
      found.push({ start: at + indent, end: at + match.index + match[0].length, file, what });
    }
  }
  return found;
}
