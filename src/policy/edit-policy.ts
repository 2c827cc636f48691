import type { PolicySummary } from './problem.ts';
import { splitPolicies, type SourceFile, type SourcePolicy } from './source/source-policy.ts';

export interface FoundPolicy {
  file: SourceFile;
  source: SourcePolicy;
}

/** Finds the texts of policies in their files; each file is taken apart once, when it is asked for first. */
export function createSourceFinder(
  files: Readonly<Record<string, string>>,
): (policy: Pick<PolicySummary, 'id' | 'file' | 'line'>) => FoundPolicy | undefined {
  const byFile = new Map<string, ReadonlyMap<number, readonly SourcePolicy[]>>();
  const linesOf = (file: SourceFile) => {
    const known = byFile.get(file.path);
    if (known !== undefined) return known;
    const lines = Map.groupBy(splitPolicies(file), (source) => source.positionAt(0).line);
    byFile.set(file.path, lines);
    return lines;
  };
  return ({ id, file: path, line }) => {
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    if (text === undefined) return undefined;
    const file = { path, text };
    const source = linesOf(file)
      .get(line)
      ?.find((each) => each.text.includes(`"${id}"`));
    return source && { file, source };
  };
}

/** Line on which the policy ends, from 1. */
export function lastLineOf(source: SourcePolicy): number {
  return source.positionAt(Math.max(0, source.text.length - 1)).line;
}

/**
 * The policy with conditions that must hold, too. Each is a clause of its own at the end, so that nothing of what a
 * person wrote is touched, comments and layout included.
 */
export function addConditions(source: SourcePolicy, conditions: readonly string[]): string {
  const body = source.text.replace(/;$/, '').trimEnd();
  return `${body}\n${conditions.map((condition) => `when { ${condition} }`).join('\n')};`;
}

export function replacePolicy(file: SourceFile, source: SourcePolicy, text: string): string {
  const end = source.start + source.text.length;
  return `${file.text.slice(0, source.start)}${text}${file.text.slice(end)}`;
}

/** The file without the policy and the comment that stands right above it; undefined when nothing is left. */
export function removePolicies(file: SourceFile, sources: readonly SourcePolicy[]): string | undefined {
  let { text } = file;
  // From the end on, so that offsets before stay what they are.
  for (const source of sources.toSorted((left, right) => right.start - left.start)) {
    const head = text.slice(0, commentStart(text, source.start));
    const tail = text.slice(source.start + source.text.length).replace(/^[ \t]*(?:\/\/[^\n]*)?\n?/, '');
    text = `${head.replace(/\n+$/, '\n')}${tail}`;
  }
  return splitPolicies({ ...file, text }).length === 0 ? undefined : text;
}

/** Start of the comment lines directly above an offset; a comment after an empty line is about something else. */
function commentStart(text: string, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  if (text.slice(start, offset).trim() !== '') return offset;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.slice(above, start).trimStart().startsWith('//')) break;
    start = above;
  }
  return start;
}
