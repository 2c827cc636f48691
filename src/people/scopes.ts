import type { RepositoryScope } from '#core/repository-scope.ts';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';

/** What either of them sees. */
export function uniteScopes(scopes: readonly RepositoryScope[]): RepositoryScope {
  const patterns = new Set<string>();
  for (const scope of scopes) {
    if (scope.kind === 'all') return ALL_REPOSITORIES;
    for (const pattern of scope.patterns) patterns.add(pattern);
  }
  return { kind: 'some', patterns: [...patterns] };
}

/** What both of them see. */
export function narrowScope(scope: RepositoryScope, patterns: readonly string[]): RepositoryScope {
  if (scope.kind === 'all') return { kind: 'some', patterns };
  const narrowed = patterns.flatMap((pattern) => [
    ...scope.patterns.filter((own) => isWithin(own, pattern)),
    ...(scope.patterns.some((own) => isWithin(pattern, own)) ? [pattern] : []),
  ]);
  return { kind: 'some', patterns: [...new Set(narrowed)] };
}

/** Whether all that `pattern` names is named by `other`, too. */
function isWithin(pattern: string, other: string): boolean {
  return pattern === other || (other.endsWith('/*') && pattern.startsWith(other.slice(0, -1)));
}
