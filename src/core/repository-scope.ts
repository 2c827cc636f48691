/** Which repositories somebody may see. A pattern is a full name (`acme/shop`) or all below one (`acme/*`). */
export type RepositoryScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly patterns: readonly string[] };

export const ALL_REPOSITORIES: RepositoryScope = { kind: 'all' };

function matches(pattern: string, repository: string): boolean {
  return pattern.endsWith('/*') ? repository.startsWith(pattern.slice(0, -1)) : repository === pattern;
}

/** What belongs to no repository is seen only by those who see all. */
export function isInScope(scope: RepositoryScope, repository: string | undefined): boolean {
  if (scope.kind === 'all') return true;
  return repository !== undefined && scope.patterns.some((pattern) => matches(pattern, repository));
}
