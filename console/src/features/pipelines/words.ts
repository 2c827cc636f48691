import type { AuthorityNodeKind } from '#api/authority-graph.ts';
import type { PipelinePlatform, SeverityCounts } from '#api/inventory.ts';

export const PLATFORM_LABELS: Readonly<Record<PipelinePlatform, string>> = {
  github: 'GitHub Actions',
  gitlab: 'GitLab CI',
  azure: 'Azure Pipelines',
  circleci: 'CircleCI',
  jenkins: 'Jenkins',
  bitbucket: 'Bitbucket',
  tekton: 'Tekton',
  argo: 'Argo',
  woodpecker: 'Woodpecker',
};

export const NODE_LABELS: Readonly<Record<AuthorityNodeKind, string>> = {
  actor: 'Who',
  trigger: 'Trigger',
  job: 'Job',
  code: 'Code',
  secret: 'Stored secret',
  token: 'Platform token',
  identity: 'Identity',
  environment: 'Environment',
  runner: 'Runner',
  cache: 'Cache',
  artifact: 'Artifact',
  resource: 'Resource',
};

const ACTORS: Readonly<Record<string, string>> = {
  anyone: 'Anybody with an account',
  'contributor-with-approval': 'Contributors, after an approval',
  caller: 'Whoever starts the caller',
  member: 'Members of the project',
  schedule: 'The clock',
  internal: 'The platform itself',
};

export function actorLabel(firedBy: string): string {
  return Object.hasOwn(ACTORS, firedBy) ? (ACTORS[firedBy] ?? firedBy) : firedBy;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Sentences of findings begin in lower case, as they go on elsewhere. */
export function sentence(text: string): string {
  // A name (`actions/checkout`, `pull_request_target`) stays as it is written.
  return /^[a-z]+(?:[\s,:;.]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `2 critical, 1 high`; the worst three that there are. */
export function describeCounts(counts: SeverityCounts): string {
  const found = (['critical', 'high', 'medium', 'low', 'info'] as const).filter((each) => counts[each] > 0);
  if (found.length === 0) return 'None';
  return found
    .slice(0, 3)
    .map((each) => `${counts[each]} ${each}`)
    .join(', ');
}

/** `.github/workflows/release.yml` is known by its last part. */
export function shortFile(file: string): string {
  return file.replace(/^\.(?:github|gitea|forgejo)\/workflows\//, '');
}
