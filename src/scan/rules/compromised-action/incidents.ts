import type { Version } from '../../shared/action-versions.ts';
import { actionsCoolCommits, setupTrivyCommits, trivyActionCommits } from './attacker-commits.ts';

/** An action whose owner lost control of it. Facts as their sources had them on 2026-11-23. */
export interface ActionIncident {
  readonly repositories: readonly string[];
  /** Name that people look it up by. */
  readonly name: string;
  /** `YYYY-MM-DD`, first day. */
  readonly date: string;
  /** Commits that are the attacker's. */
  readonly commits: readonly string[];
  /** First version after it; tags before it were moved to the attacker's commits. */
  readonly safeFrom: Version | undefined;
  /** Single tags that were moved, where the others were not. */
  readonly tags?: readonly string[];
  /** The moved tags are the ones without `v`; those with it were made by the owners afterwards. */
  readonly onlyWithoutV?: true;
  /** Set when nothing under this name is known to be good. */
  readonly allReferences: boolean;
  readonly source: string;
}

export const actionIncidents: readonly ActionIncident[] = [
  {
    repositories: ['tj-actions/changed-files'],
    name: 'CVE-2025-30066',
    date: '2025-03-14',
    commits: ['0e58ed8671d6b60d0890c21b07f8835ace038e67'],
    safeFrom: [46, 0, 1],
    allReferences: false,
    source: 'https://github.com/advisories/GHSA-mrrh-fwg8-r2c3',
  },
  {
    repositories: ['reviewdog/action-setup'],
    name: 'CVE-2025-30154',
    date: '2025-03-11',
    commits: ['f0d342d24037bb11d26b9bd8496e0808ba32e9ec'],
    // The tag v1 was moved for two hours and is the maintainers' again.
    safeFrom: undefined,
    allReferences: false,
    source: 'https://github.com/advisories/GHSA-qmg3-hpqr-gqvc',
  },
  {
    repositories: ['aquasecurity/trivy-action'],
    name: 'CVE-2026-33634',
    date: '2026-03-19',
    commits: trivyActionCommits,
    safeFrom: [0, 35, 0],
    onlyWithoutV: true,
    allReferences: false,
    source: 'https://github.com/advisories/GHSA-69fq-xp46-6x23',
  },
  {
    repositories: ['aquasecurity/setup-trivy'],
    name: 'CVE-2026-33634',
    date: '2026-03-19',
    commits: setupTrivyCommits,
    safeFrom: [0, 2, 6],
    allReferences: false,
    source: 'https://github.com/advisories/GHSA-69fq-xp46-6x23',
  },
  {
    repositories: ['xygeni/xygeni-action'],
    name: 'the moved tag of Xygeni',
    date: '2026-03-03',
    commits: ['4bf1d4e19ad81a3e8d4063755ae0f482dd3baf12'],
    safeFrom: undefined,
    tags: ['v5'],
    allReferences: false,
    source:
      'https://www.darkreading.com/application-security/xygeni-github-action-compromised-via-tag-poison',
  },
  {
    repositories: ['checkmarx/kics-github-action'],
    name: 'the TeamPCP campaign',
    date: '2026-03-23',
    commits: ['0e22ec8d1e0dda3c62bf4beffcd4a8a5db1abda1'],
    safeFrom: [2, 1, 20],
    allReferences: false,
    source: 'https://www.wiz.io/blog/teampcp-attack-kics-github-action',
  },
  {
    repositories: ['checkmarx/ast-github-action'],
    name: 'the TeamPCP campaign',
    date: '2026-03-23',
    commits: [],
    safeFrom: [2, 3, 33],
    allReferences: false,
    source: 'https://www.wiz.io/blog/teampcp-attack-kics-github-action',
  },
  {
    repositories: ['checkmarx/ast-github-action'],
    name: 'the second wave of the TeamPCP campaign',
    date: '2026-04-22',
    commits: [],
    safeFrom: undefined,
    tags: ['2.3.35', 'v2.3.35'],
    allReferences: false,
    source: 'https://checkmarx.com/blog/ongoing-security-updates/',
  },
  {
    repositories: ['actions-cool/issues-helper', 'actions-cool/maintain-one-comment'],
    name: 'the takeover of actions-cool',
    date: '2026-05-18',
    // Not 200c786, which that code calls to look right: it is the owners’ version 3.8.0.
    commits: actionsCoolCommits,
    safeFrom: undefined,
    allReferences: true,
    source: 'https://github.com/actions-cool/issues-helper/issues/230',
  },
];
