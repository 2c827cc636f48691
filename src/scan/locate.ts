import type { Excerpt, Location } from '#findings/finding.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import { maskSecrets } from './mask-secrets.ts';
import { sourceMayHoldToken } from './token-shapes.ts';

const EXCERPT_LINES_MAX = 4;
const LINE_CHARS_MAX = 400;

/** A line is masked once, however many findings show it. */
const shownLinesOf = memoize((_source: SourceText) => new Map<number, string>());

function showLine(source: SourceText, line: number): string {
  const shown = shownLinesOf(source);
  const before = shown.get(line);
  if (before !== undefined) return before;
  const text = maskSecrets(source.line(line).slice(0, LINE_CHARS_MAX), sourceMayHoldToken(source));
  shown.set(line, text);
  return text;
}

function excerptOf(source: SourceText, firstLine: number, lastLine: number): Excerpt {
  const last = Math.min(lastLine, firstLine + EXCERPT_LINES_MAX - 1, source.lineCount);
  const lines: string[] = [];
  for (let line = firstLine; line <= last; line += 1) lines.push(showLine(source, line));
  return { firstLine, lines };
}

/** A span as a location that stands for itself: positions and the lines around it. */
export function locate(source: SourceText, span: Span, label?: string): Location {
  const start = Math.min(span.start, source.text.length);
  const end = Math.min(Math.max(span.end, start), source.text.length);
  const [from, to] = [source.position(start), source.position(end)];
  return {
    file: source.file,
    start: { ...from, offset: start },
    end: { ...to, offset: end },
    ...(label === undefined ? {} : { label }),
    excerpt: excerptOf(source, from.line, to.line),
  };
}
