import type { Suppression } from '#findings/finding.ts';

/** Ours, wherever a language lets comments stand. */
const OWN = /vouchgate:[ \t]{0,8}ignore\[([^\]\n]{0,500})\][ \t]{0,8}([^\n\r]{0,300})/;
/** Those of gitleaks, detect-secrets and its pragma for the next line. */
const FOREIGN = /gitleaks:allow|pragma: ?(?:allowlist|whitelist) secret/;
const FOREIGN_NEXT = /pragma: ?(?:allowlist|whitelist) nextline secret/;
/** A line that holds nothing but a comment. */
const COMMENT_LINE = /^\s{0,200}(?:#|\/\/|--|;|\/\*|<!--|%|\*)/;
const LINE_CHARS_MAX = 4_000;

function ownSuppression(line: string, names: readonly string[]): Suppression | undefined {
  const match = OWN.exec(line);
  const listed = match?.[1]?.split(',').map((name) => name.trim()) ?? [];
  if (!listed.some((name) => names.includes(name))) return undefined;
  const reason = match?.[2]?.replace(/(?:\*\/|-->)\s*$/, '').trim();
  return { kind: 'inline', justification: reason === '' ? undefined : reason };
}

/**
 * A comment that lets a secret stand: on its line, or alone on the line above. `names` are what the rule is called,
 * here and elsewhere.
 */
export function findAllowance(
  line: string,
  above: string,
  names: readonly string[],
): Suppression | undefined {
  const [here, before] = [line.slice(0, LINE_CHARS_MAX), above.slice(0, LINE_CHARS_MAX)];
  const own =
    ownSuppression(here, names) ?? (COMMENT_LINE.test(before) ? ownSuppression(before, names) : undefined);
  if (own !== undefined) return own;
  const foreign = FOREIGN.exec(here) ?? FOREIGN_NEXT.exec(before);
  return foreign === null ? undefined : { kind: 'inline', justification: `the comment “${foreign[0]}”` };
}
