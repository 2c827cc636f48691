import type { RepositoryContext, Rule } from '../../rule.ts';
import { contradict, isFullVersion, type PinnedUse, pinnedUsesOf } from './pinned-uses.ts';

function shorten(commit: string): string {
  return commit.slice(0, 10);
}

/** A file can name more versions of one commit than there is time to compare. */
const COMPARED_MAX = 20;

type Index = ReadonlyMap<string, readonly PinnedUse[]>;

/** The first uses under each key, one for each commit and version. */
function indexBy(uses: readonly PinnedUse[], keyOf: (use: PinnedUse) => string): Index {
  const distinct = new Map(uses.map((use) => [`${use.commit} ${use.version ?? ''}`, use]));
  const index = new Map<string, PinnedUse[]>();
  for (const use of distinct.values()) {
    const key = keyOf(use);
    const others = index.get(key);
    if (others === undefined) index.set(key, [use]);
    else if (others.length < COMPARED_MAX) others.push(use);
  }
  return index;
}

/** Another use that makes one of the two comments wrong. */
function findContradiction(use: PinnedUse, byCommit: Index, byVersion: Index): PinnedUse | undefined {
  const { commit, version } = use;
  if (version === undefined) return undefined;
  const sameCommit = byCommit.get(commit)?.find((other) => contradict(other.version ?? version, version));
  if (sameCommit !== undefined || !isFullVersion(version)) return sameCommit;
  return byVersion.get(version.toLowerCase())?.find((other) => other.commit !== commit);
}

function reportContradiction(use: PinnedUse, other: PinnedUse, context: RepositoryContext): void {
  const same = use.commit === other.commit;
  context.reportIn(use.source, {
    at: use.text.node,
    message: same
      ? `${use.repository} at ${shorten(use.commit)} is called ${use.version ?? ''} here and ${other.version ?? ''} elsewhere`
      : `${use.repository} ${use.version ?? ''} is the commit ${shorten(use.commit)} here and ${shorten(other.commit)} elsewhere`,
    severity: 'medium',
    persona: 'regular',
    related: [{ at: other.text.node, source: other.source, label: 'the other use' }],
    key: `${use.repository} ${use.commit} ${use.version ?? ''}`,
  });
}

/** Places that one finding names. */
const PLACES_MAX = 50;

function reportMissing(use: PinnedUse, others: readonly PinnedUse[], context: RepositoryContext): void {
  context.reportIn(use.source, {
    at: use.text.node,
    message:
      use.comment === undefined
        ? `nothing says which version of ${use.repository} the commit ${shorten(use.commit)} is`
        : `the comment behind ${use.repository} names no version`,
    severity: 'info',
    related: others
      .slice(0, PLACES_MAX)
      .map(({ source, text }) => ({ at: text.node, source, label: 'and here' })),
    key: `${use.repository} ${use.commit}`,
  });
}

export const rule: Rule = {
  id: 'version-comment',
  title: 'The comment behind a commit is missing or contradicts another',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1357', 'CWE-451'], cis: ['3.1.1'] },
  description:
    'Looks for actions that are pinned to a commit whose comment names no version, and for two uses in a repository that cannot both be right: one version at two commits, or one commit with two versions. Which of them is right only the network knows.',
  why: 'People review the version in the comment and the runner takes the commit. With the wrong comment an attacker’s commit, or an old one with a known hole, passes for the release that everybody expects.',
  remedy:
    'Write the full version of the commit behind it: `owner/name@<40 hex> # v1.2.3`. Dependabot and Renovate keep both up to date.',
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot',
  ],
  aliases: ['zizmor/ref-version-mismatch'],

  repository(repository, context) {
    const uses = repository.pipelines.flatMap(pinnedUsesOf);
    for (const group of Map.groupBy(uses, (use) => use.repository).values()) {
      const byCommit = indexBy(group, ({ commit }) => commit);
      const byVersion = indexBy(group, ({ version }) => version?.toLowerCase() ?? '');
      for (const use of group) {
        const other = findContradiction(use, byCommit, byVersion);
        if (other !== undefined) reportContradiction(use, other, context);
      }
      const unnamed = group.filter(({ version }) => version === undefined);
      for (const [first, ...others] of Map.groupBy(unnamed, ({ commit }) => commit).values()) {
        if (first !== undefined) reportMissing(first, others, context);
      }
    }
  },
};
