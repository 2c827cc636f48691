import { limits } from './importer.ts';

const NUMBERED = /^\s{0,20}>?\s{0,20}(\d{1,9})(?:\s?[:|]|\b)\s?(.*)$/;

/**
 * The lines of a place in code that a tool prints with line numbers in front (`38   eval(x)`, `38: eval(x)`), without
 * the numbers. Code without numbers is kept as it is.
 */
export function codeOfLines(
  code: string | undefined,
  line: number | undefined,
  endLine = line,
): string | undefined {
  if (code === undefined || line === undefined) return code;
  const lines = code.slice(0, limits.textChars).split('\n');
  const kept = lines.flatMap((text) => {
    const [, number, rest] = NUMBERED.exec(text.slice(0, limits.snippetChars)) ?? [];
    return Number(number) >= line && Number(number) <= (endLine ?? line) ? [rest ?? ''] : [];
  });
  return kept.length === 0 ? code : kept.join('\n');
}
