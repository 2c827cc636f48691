import { memoize } from '#pipeline/memoize.ts';
import type { Script } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';

const SCRIPT_CHARACTERS_MAX = 100_000;

/** Options before the one with the code, as nobody writes more. */
const OPTIONS = String.raw`(?:-{1,2}[\w-]{1,30}\s{1,5}){0,6}`;
const QUOTED = String.raw`"((?:[^"\\]|\\[\s\S]){1,2000})"`;

/** Commands that read their argument as code once more; the code is the first group that is there. */
const SINKS: readonly (readonly [pattern: RegExp, sink: string])[] = [
  [/\beval\s{1,5}(?!'[^'\n]{0,500}'\s{0,5}(?:$|[;&|\n]))([^\n]{1,2000})/g, 'eval'],
  [
    new RegExp(
      String.raw`\b(?:ba|da|z|k)?sh\s{1,5}${OPTIONS}-\w{0,6}c\s{1,5}(?:${QUOTED}|(\$\{?\w{1,80}))`,
      'g',
    ),
    'a shell',
  ],
  [
    new RegExp(String.raw`\b(?:ba|da|z|k)?sh\s{1,5}${OPTIONS}-\w{0,6}c\s{1,5}'[^'\n]{0,500}'${QUOTED}`, 'g'),
    'a shell',
  ],
  [
    new RegExp(
      String.raw`\b(?:python[23]?|ruby|perl|node|php)\s{1,5}${OPTIONS}-{1,2}(?:c|e|r|eval)\s{1,5}${QUOTED}`,
      'g',
    ),
    'an interpreter',
  ],
  [new RegExp(String.raw`\bssh\s[^"'\n|;&]{1,300}\s${QUOTED}`, 'g'), 'the shell of another machine'],
  [
    /\b(?:echo|printf)\s{1,5}([^|\n>]{1,500})\|\s{0,5}(?:sudo\s{1,5})?(?:ba|da|z|k)?sh\b(?!\s{1,5}-c)/g,
    'a shell',
  ],
  [new RegExp(String.raw`\b(?:psql|mysql|mariadb|sqlite3)\s[^"'\n|;&]{0,300}${QUOTED}`, 'g'), 'a database'],
  [/\b(?:Invoke-Expression|iex)\s{1,5}([^\n]{1,2000})/gi, 'PowerShell'],
];

/** A place of a script where text is read as code for the second time. */
export interface Reparse extends Span {
  /** In words: `eval`, `a shell`. */
  readonly sink: string;
  /** The names of the variables in it that are replaced before it is read. */
  readonly variables: readonly string[];
}

const VARIABLE = /\\\$|\$(?:\{(?:env:)?(\w{1,100})|env:(\w{1,100})|(\w{1,100}))/gi;

/** `\$NAME` is left to the inner reader, which takes it as a value. */
function variablesOf(code: string): string[] {
  return [...code.matchAll(VARIABLE)].flatMap(([, braced, powershell, plain]) => {
    const name = braced ?? powershell ?? plain;
    return name === undefined ? [] : [name];
  });
}

function findBySinks(text: string): Reparse[] {
  return SINKS.flatMap(([pattern, sink]) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const variables = variablesOf(match[1] ?? match[2] ?? '');
      if (variables.length === 0) return [];
      const end = match.index + match[0].trimEnd().length;
      return [{ start: match.index, end, sink, variables }];
    }),
  );
}

/** The command interpreter of Windows replaces `%NAME%` before it looks at the line. */
export function batchReparsesOf({ text: { value } }: Script): Reparse[] {
  const text = value.slice(0, SCRIPT_CHARACTERS_MAX);
  return [...text.matchAll(/%([A-Za-z_]\w{0,100})%/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    sink: 'the command interpreter of Windows',
    variables: [match[1] ?? ''],
  }));
}

const PROGRAMS = /eval|sh\b|python|ruby|perl|node|php|psql|mysql|mariadb|sqlite3|iex|invoke-expression/i;

function isBatch({ shell }: Script): boolean {
  return shell !== undefined && /^(?:cmd|bat|batch)\b/i.test(shell.value);
}

/** Every place of a script where variables become code, in the order of the patterns. */
export const reparsesOf = memoize((script: Script): readonly Reparse[] => {
  const text = script.text.value.slice(0, SCRIPT_CHARACTERS_MAX);
  if (isBatch(script)) return batchReparsesOf(script);
  return PROGRAMS.test(text) ? findBySinks(text) : [];
});

const ASSIGNMENT = /^\s*(?:export\s+|local\s+)?(\w{1,100})=["']?\$\{?(\w{1,100})\}?["']?\s*;?\s*$/;

/** Variables that a script only copies from others, by their name. */
export const copiesIn = memoize(({ text }: Script): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const line of text.value.slice(0, SCRIPT_CHARACTERS_MAX).split('\n', 2_000)) {
    const [, to, from] = line.length > 500 ? [] : (ASSIGNMENT.exec(line) ?? []);
    if (to !== undefined && from !== undefined) found.set(to, from);
  }
  return found;
});
