import type { SourceText, Span } from '#pipeline/source.ts';

export type NeededAccess = 'read' | 'write';

/** A scope, and what has to be done with it. */
export interface ScopeAccess {
  readonly scope: string;
  readonly access: NeededAccess;
}

/** Something in a job that its token is used for. */
export interface Need extends ScopeAccess {
  /** What does it, as it stands in the file: `gh release create`, `actions/checkout`. */
  readonly by: string;
  readonly at: Span;
  readonly source: SourceText;
}

/** Something that gets the token and does nobody knows what with it. */
export interface UnknownUse {
  /** In words, with its name. */
  readonly what: string;
  readonly at: Span;
  readonly source: SourceText;
}

/** What the token of a job has to be allowed, with the evidence. */
export interface InferredPermissions {
  readonly needs: readonly Need[];
  /** While there is any, the scopes are only the least that is known. */
  readonly unknown: readonly UnknownUse[];
  /** A program of the project that runs in the job, by name: each can ask for the job’s identity. */
  readonly program: string | undefined;
  /** By name; `write` includes reading. */
  readonly scopes: ReadonlyMap<string, NeededAccess>;
}

/** The order of the platform’s own documentation puts contents first for no reason of its own; so do people. */
export function scopesOf(needs: readonly ScopeAccess[]): ReadonlyMap<string, NeededAccess> {
  const scopes = new Map<string, NeededAccess>();
  const ordered = needs.toSorted((left, right) =>
    left.scope < right.scope ? -1 : left.scope > right.scope ? 1 : 0,
  );
  for (const { scope, access } of ordered) if (scopes.get(scope) !== 'write') scopes.set(scope, access);
  return scopes;
}

const WORDS = /^([a-z-]+):([rw])$/;

/** `contents:w pull-requests:r`, as the tables write it. */
export function readScopes(text: string): readonly ScopeAccess[] {
  return text.split(' ').flatMap((word) => {
    const [, scope = '', letter] = WORDS.exec(word) ?? [];
    return scope === '' ? [] : [{ scope, access: letter === 'w' ? ('write' as const) : ('read' as const) }];
  });
}
