import { createComplexityMeter } from './complexity.ts';
import { tokenize } from './tokenize.ts';

export interface SourceFile {
  /** Relative to the configuration folder. */
  path: string;
  text: string;
}

export interface Position {
  file: string;
  line: number;
  column: number;
}

/** The text of one policy, with the way back to where it stands. */
export interface SourcePolicy {
  text: string;
  /** Offset (UTF-16) of its first token in the file. */
  start: number;
  /** What is too much in it to be given to Cedar at all; undefined when nothing is. */
  tooComplex: string | undefined;
  /** Where an offset (UTF-16, relative to `text`) stands in the file. */
  positionAt(offset: number): Position;
}

/** Cuts a file at the semicolons that end policies. What stands after the last one counts as a policy, too. */
export function splitPolicies(file: SourceFile): SourcePolicy[] {
  const locate = createLocator(file);
  const policies: SourcePolicy[] = [];
  let start: number | undefined;
  let end = 0;
  let meter = createComplexityMeter();
  const flush = () => {
    if (start === undefined) return;
    const base = start;
    policies.push({
      text: file.text.slice(base, end),
      start: base,
      tooComplex: meter.problem(),
      positionAt: (offset) => locate(base + offset),
    });
    start = undefined;
    meter = createComplexityMeter();
  };
  for (const token of tokenize(file.text)) {
    start ??= token.start;
    end = token.end;
    meter.add(token);
    if (token.kind === 'symbol' && token.text === ';') flush();
  }
  flush();
  return policies;
}

function createLocator(file: SourceFile): (offset: number) => Position {
  const lineStarts = [0];
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return (offset) => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: file.path, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
  };
}

/** Cedar counts in UTF-8 bytes, editors and JavaScript in UTF-16 code units. */
export function utf16Offset(text: string, byteOffset: number): number {
  return Buffer.from(text).subarray(0, byteOffset).toString().length;
}
