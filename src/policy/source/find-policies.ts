import { type SourceFile, splitPolicies } from './source-policy.ts';
import { type Token, tokenize } from './tokenize.ts';

/** A policy as somebody wrote it. */
export interface FoundPolicy {
  readonly id: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** Annotations that are read before the head of a policy has to come. */
const TOKENS_MAX = 200;

/** The policies with these ids, as they stand in the files; for people to read, so nothing is checked. */
export function findPolicies(files: readonly SourceFile[], ids: readonly string[]): FoundPolicy[] {
  const wanted = new Set(ids);
  return files.flatMap((file) =>
    splitPolicies(file).flatMap((policy) => {
      const { text } = policy;
      const id = idOf(text);
      if (id === undefined || !wanted.has(id)) return [];
      return [{ id, text, file: file.path, line: policy.positionAt(0).line }];
    }),
  );
}

/** The `@id("…")` before the head. Ids are plain words, so nothing in them is escaped. */
function idOf(policy: string): string | undefined {
  const before: Token[] = [];
  for (const token of tokenize(policy)) {
    if (before.length > TOKENS_MAX || token.text === 'permit' || token.text === 'forbid') return undefined;
    const [at, name, open] = before.slice(-3);
    if (at?.text === '@' && name?.text === 'id' && open?.text === '(' && token.kind === 'string')
      return token.text.slice(1, -1);
    before.push(token);
  }
  return undefined;
}
