import { normaliseText } from '../fingerprint.ts';

const NUMBERED = /^\s{0,8}(?:>\s{0,4})?(\d{1,7})(?:\s{0,4}[|:]|[ \t]|$)/;
const LINES_MAX = 200;

/** Tools print excerpts with line numbers in front, and those change whenever something above them does. */
function withoutLineNumbers(snippet: string): string {
  const lines = snippet.split('\n', LINES_MAX).filter((line) => line.trim() !== '');
  const numbered = lines.map((line) => NUMBERED.exec(line.slice(0, 30)));
  const counted = numbered.every((match, index) => {
    const before = numbered[index - 1]?.[1];
    return match !== null && (before === undefined || Number(match[1]) === Number(before) + 1);
  });
  if (!counted) return lines.join('\n');
  return lines.map((line, index) => line.slice(numbered[index]?.[0].length ?? 0)).join('\n');
}

/** The text of a place without layout and line numbers; undefined when nothing is left. */
export function placeText(snippet: string | undefined): string | undefined {
  if (snippet === undefined) return undefined;
  const text = normaliseText(withoutLineNumbers(snippet.slice(0, 8_000)));
  return text === '' ? undefined : text;
}
