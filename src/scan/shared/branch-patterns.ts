/** A pattern that takes in every branch. */
export function isAnyBranch(pattern: string): boolean {
  return /^\*{1,2}(?:\/\*{1,2})?$/.test(pattern.slice(0, 10));
}

/** One name that a pattern lets through, good enough for conditions that ask how it begins. */
export function exampleOf(pattern: string): string {
  return pattern.slice(0, 200).replaceAll(/\*+/g, '1');
}

/** What stands for `main` where a file does not say how its own is called. */
export const productionBranches: readonly string[] = ['main', 'master', 'trunk', 'production', 'release/1'];
export const developmentBranches: readonly string[] = ['feature/1', 'develop', 'dev', 'staging', 'fix'];
export const releaseTags: readonly string[] = ['v1.0.0', '1.0.0', 'release-1'];
