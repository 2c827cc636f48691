import type { GitlabJob } from '#pipeline/gitlab/model.ts';

/**
 * Predefined variables whose text somebody else writes (GitLab, “Predefined CI/CD variables reference”). Slugs, ids
 * and hashes cannot carry code and are not here.
 */
const TEXT_VARIABLES = [
  'CI_COMMIT_MESSAGE',
  'CI_COMMIT_TITLE',
  'CI_COMMIT_DESCRIPTION',
  'CI_COMMIT_AUTHOR',
  'CI_COMMIT_TAG_MESSAGE',
  'CI_MERGE_REQUEST_TITLE',
  'CI_MERGE_REQUEST_DESCRIPTION',
  'CI_MERGE_REQUEST_LABELS',
  'GITLAB_USER_NAME',
  // What a person wrote to an agent of GitLab Duo, and where they did.
  'AI_FLOW_INPUT',
  'AI_FLOW_CONTEXT',
] as const;
/** No space in them, but `$(){};|&` and backticks are allowed in names of branches and tags. */
const REF_VARIABLES = [
  'CI_COMMIT_REF_NAME',
  'CI_COMMIT_BRANCH',
  'CI_COMMIT_TAG',
  'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME',
  'CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME',
] as const;

const KNOWN = new Map<string, 'text' | 'ref'>([
  ...TEXT_VARIABLES.map((name) => [name, 'text'] as const),
  ...REF_VARIABLES.map((name) => [name, 'ref'] as const),
]);

/** Values in which a line can end: whatever is written line by line gets more of them than meant. */
const MANY_LINES = new Set([
  'CI_COMMIT_MESSAGE',
  'CI_COMMIT_DESCRIPTION',
  'CI_COMMIT_TAG_MESSAGE',
  'CI_MERGE_REQUEST_DESCRIPTION',
  'AI_FLOW_INPUT',
  'AI_FLOW_CONTEXT',
]);

export function mayHoldManyLines({ origin }: ForeignVariable): boolean {
  return MANY_LINES.has(origin);
}

export interface ForeignVariable {
  /** As it stands in the script. */
  readonly name: string;
  /** The predefined variable that it comes from; the same when it is one itself. */
  readonly origin: string;
  readonly shape: 'text' | 'ref';
}

const VARIABLE = /\$(?:(\w+)|\{(\w+)[^}]*\})/g;

function namesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, bare, braced]) => bare ?? braced ?? []);
}

function findKnown(text: string): { origin: string; shape: 'text' | 'ref' } | undefined {
  for (const origin of namesIn(text)) {
    const shape = KNOWN.get(origin);
    if (shape !== undefined) return { origin, shape };
  }
  return undefined;
}

/** The first variable in a piece of script that others write, by itself or through `variables:` of a job. */
export function findForeignVariable(text: string, jobs: readonly GitlabJob[]): ForeignVariable | undefined {
  const known = findKnown(text);
  if (known !== undefined) return { name: known.origin, ...known };
  const names = new Set(namesIn(text));
  if (names.size === 0) return undefined;
  for (const { env } of jobs) {
    for (const { name, value } of env) {
      const origin = names.has(name) && value !== undefined ? findKnown(value.value) : undefined;
      if (origin !== undefined) return { name, ...origin };
    }
  }
  return undefined;
}
