import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** The parser has no codes; this is what it says of a flow collection whose lines stand too far left. */
const TOO_FAR_LEFT = 'deficient indentation';
/** Each repair parses again. */
const REPAIRS_MAX = 64;
const REPAIRED_CHARACTERS_MAX = 8_000_000;

export interface ParsedEvents {
  readonly events: readonly Event[];
  /** As long as the original, so that offsets hold; line breaks in some flow collections are spaces. */
  readonly text: string;
}

/** Where a comment begins in a line; a `#` in quotes is none. */
function findComment(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '#' && /^$|\s/.test(line.charAt(at - 1))) return at;
    else if (char === '"' || char === "'") quote = char;
  }
  return line.length;
}

/** Joins the line at `at` to the one above by blanking what is between; undefined when there is nothing to join. */
function joinLines(text: string, at: number): string | undefined {
  const lineBreak = text.lastIndexOf('\n', at - 1);
  if (lineBreak === -1 || text.slice(lineBreak, at).trim() !== '') return undefined;
  const lineStart = text.lastIndexOf('\n', lineBreak - 1) + 1;
  const comment = lineStart + findComment(text.slice(lineStart, lineBreak));
  return text.slice(0, comment) + ' '.repeat(lineBreak + 1 - comment) + text.slice(lineBreak + 1);
}

/**
 * Events of a text. YAML 1.2 §8.1.1 wants the lines of a flow collection further right than its key; platforms
 * read `key: [` … `]` with the bracket under the key all the same, and many files are written so.
 */
export function parseEventsLeniently(original: string, depthMax: number): ParsedEvents {
  let text = original;
  for (let repairs = 0; ; repairs += 1) {
    try {
      return { events: parseEvents(text, { maxDepth: depthMax }), text };
    } catch (error) {
      const tired = repairs >= REPAIRS_MAX || repairs * text.length > REPAIRED_CHARACTERS_MAX;
      if (!(error instanceof YAMLException) || error.reason !== TOO_FAR_LEFT || tired) throw error;
      const joined = joinLines(text, error.mark?.position ?? 0);
      if (joined === undefined) throw error;
      text = joined;
    }
  }
}
