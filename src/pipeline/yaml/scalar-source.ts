import type { Span } from '../source.ts';
import type { Run, ScalarNode } from './node.ts';

/** Decodes a scalar again and keeps where each run of characters came from. */
class Tracer {
  readonly segments: Run[] = [];
  length = 0;

  copy(start: number, end: number): void {
    if (end <= start) return;
    this.segments.push({ valueStart: this.length, sourceStart: start, length: end - start });
    this.length += end - start;
  }

  /** Characters that stand for something else in the file: a folded line break, an escape. */
  make(length: number): void {
    this.length += length;
  }
}

const LINE = /([^\r\n]*)(\r\n|\r|\n|$)/y;

function linesOf(text: string, start: number, end: number): Span[] {
  const lines: Span[] = [];
  let at = start;
  while (at < end) {
    LINE.lastIndex = at;
    const match = LINE.exec(text);
    const content = Math.min(at + (match?.[1]?.length ?? 0), end);
    lines.push({ start: at, end: content });
    at = content + Math.max(1, match?.[2]?.length ?? 1);
  }
  return lines;
}

function traceBlock(text: string, node: ScalarNode, tracer: Tracer): void {
  const folded = node.style === 'folded';
  const indent = Math.max(0, node.indent);
  let [emptyLines, didRead, moreIndented] = [0, false, false];
  for (const line of linesOf(text, node.contentStart, node.contentEnd)) {
    const spaces =
      /^ */.exec(text.slice(line.start, Math.min(line.end, line.start + indent)))?.[0].length ?? 0;
    if (node.indent < 0 || spaces >= line.end - line.start) {
      emptyLines += 1;
      continue;
    }
    const start = line.start + indent;
    const deeper = folded && /[ \t]/.test(text.charAt(start));
    const breaks = didRead ? emptyLines + 1 : emptyLines;
    if (!folded || deeper || !didRead) tracer.make(breaks);
    else if (moreIndented) tracer.make(emptyLines + 1);
    else tracer.make(emptyLines === 0 ? 1 : emptyLines);
    tracer.copy(start, line.end);
    [emptyLines, didRead, moreIndented] = [0, true, deeper];
  }
}

/** The end without the white space before it; a pattern would try every run of spaces from each of its places. */
function endOfText(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && (text.charAt(at - 1) === ' ' || text.charAt(at - 1) === '\t')) at -= 1;
  return at;
}

const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** The next character that is not itself in the value, from `at` on. */
function findSpecial(text: string, at: number, end: number, quote: string): number {
  for (let index = at; index < end; index += 1) {
    const char = text.charAt(index);
    if (char === '\n' || char === '\r' || char === quote) return index;
  }
  return end;
}

function skipFolds(text: string, from: number, end: number): { at: number; breaks: number } {
  const run = /^[ \t\r\n]*/.exec(text.slice(from, end))?.[0] ?? '';
  return { at: from + run.length, breaks: run.match(/\r\n|\r|\n/g)?.length ?? 0 };
}

function traceFlow(text: string, node: ScalarNode, tracer: Tracer): void {
  const { contentStart, contentEnd: end } = node;
  const quote = node.style === 'single-quoted' ? "'" : node.style === 'double-quoted' ? '\\' : '\n';
  let at = contentStart;
  while (at < end) {
    const special = findSpecial(text, at, end, quote);
    const char = text.charAt(special);
    if (special >= end) {
      tracer.copy(at, node.style === 'plain' ? endOfText(text, at, end) : end);
      return;
    }
    if (char === '\n' || char === '\r') {
      tracer.copy(at, endOfText(text, at, special));
      const fold = skipFolds(text, special, end);
      tracer.make(fold.breaks === 1 ? 1 : fold.breaks - 1);
      at = fold.at;
    } else if (char === "'") {
      tracer.copy(at, special);
      tracer.make(1);
      at = special + 2;
    } else {
      tracer.copy(at, special);
      at = traceEscape(text, special, end, tracer);
    }
  }
}

/** Behind the escape that begins here. */
function traceEscape(text: string, at: number, end: number, tracer: Tracer): number {
  const escaped = text.charAt(at + 1);
  if (escaped === '\n' || escaped === '\r') return skipFolds(text, at + 1, end).at;
  const length = ESCAPE_LENGTHS[escaped] ?? 2;
  const code = length === 10 ? Number.parseInt(text.slice(at + 2, at + 10), 16) : 0;
  tracer.make(code > 0xffff ? 2 : 1);
  return at + length;
}

/** Maps places in a decoded scalar to places in the file: an expression in a block scalar has an exact position. */
export class ScalarSource {
  readonly #node: ScalarNode;
  readonly #segments: readonly Run[];

  constructor(text: string, node: ScalarNode) {
    this.#node = node;
    if (node.runs !== undefined) {
      this.#segments = node.runs;
      return;
    }
    const tracer = new Tracer();
    if (node.exact) tracer.copy(node.contentStart, node.contentEnd);
    else if (node.style === 'literal' || node.style === 'folded') traceBlock(text, node, tracer);
    else traceFlow(text, node, tracer);
    this.#segments = tracer.segments;
  }

  #find(index: number): Run | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle]?.valueStart ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }

  /** The offset of a character; for one that was made (a fold), of the place behind the run before it. */
  offset(index: number): number {
    const segment = this.#find(index);
    if (segment === undefined || index < segment.valueStart)
      return segment?.sourceStart ?? this.#node.contentStart;
    return segment.sourceStart + Math.min(index - segment.valueStart, segment.length);
  }

  span(start: number, end: number): Span {
    const from = this.offset(start);
    return { start: from, end: end <= start ? from : Math.max(from, this.offset(end - 1) + 1) };
  }
}
