import type { Severity } from '#findings/severity.ts';
import type { Version } from '../../shared/action-versions.ts';

/** A published mistake in an action; versions `from` (the first one when left out) to before `below`. */
export interface ActionAdvisory {
  readonly repository: string;
  readonly id: string;
  readonly what: string;
  readonly severity: Severity;
  readonly from?: Version;
  readonly below: Version;
}

/** As published on 2026-11-23; `id` is the advisory in GitHub's database. */
export const actionAdvisories: readonly ActionAdvisory[] = [
  {
    repository: 'tj-actions/changed-files',
    id: 'GHSA-mcph-m25j-8j63',
    what: 'names of changed files run as commands',
    severity: 'high',
    below: [41, 0, 0],
  },
  {
    repository: 'tj-actions/verify-changed-files',
    id: 'GHSA-ghm2-rq8q-wrhc',
    what: 'names of changed files run as commands',
    severity: 'high',
    below: [17, 0, 0],
  },
  {
    repository: 'tj-actions/branch-names',
    id: 'GHSA-8v8w-v8xg-79rf',
    what: 'names of branches run as commands',
    severity: 'high',
    below: [7, 0, 7],
  },
  {
    repository: 'dawidd6/action-download-artifact',
    id: 'GHSA-5xr6-xhww-33m4',
    what: 'artifacts of forks are taken for the repository’s own',
    severity: 'high',
    below: [6],
  },
  {
    repository: 'actions/download-artifact',
    id: 'GHSA-cxww-7g56-2vh6',
    what: 'an artifact writes files outside of its folder',
    severity: 'medium',
    from: [4, 0, 0],
    below: [4, 1, 3],
  },
  {
    repository: 'rlespinasse/github-slug-action',
    id: 'GHSA-6q4m-7476-932w',
    what: 'names of branches run as commands',
    severity: 'high',
    from: [4, 0, 0],
    below: [4, 4, 1],
  },
  {
    repository: 'hashicorp/vault-action',
    id: 'GHSA-4mgv-m5cm-f9h7',
    what: 'secrets of more than one line are printed to the log',
    severity: 'high',
    below: [2, 2, 0],
  },
  {
    repository: 'atlassian/gajira-create',
    id: 'GHSA-4xqx-pqpj-9fqw',
    what: 'titles of issues run as code',
    severity: 'high',
    below: [2, 0, 1],
  },
  {
    repository: 'ultralytics/actions',
    id: 'GHSA-7x29-qqmq-v6qc',
    what: 'names of branches run as commands',
    severity: 'high',
    below: [0, 0, 3],
  },
  {
    repository: 'gradle/gradle-build-action',
    id: 'GHSA-h3qr-39j9-4r5v',
    what: 'secrets get into a cache that other workflows read',
    severity: 'medium',
    below: [2, 4, 2],
  },
  {
    repository: 'azure/setup-kubectl',
    id: 'GHSA-p756-rfxh-x63h',
    what: 'every process of the machine can replace the installed kubectl',
    severity: 'low',
    below: [3],
  },
  {
    repository: 'github/codeql-action',
    id: 'GHSA-vqf5-2xx6-9wfm',
    what: 'the token gets into artifacts of a failed run',
    severity: 'medium',
    from: [3, 26, 11],
    below: [3, 28, 3],
  },
  {
    repository: 'shivammathur/setup-php',
    id: 'GHSA-5wxr-w449-57cm',
    what: 'it installs a Composer with a known hole',
    severity: 'medium',
    below: [2, 37, 1],
  },
  {
    repository: 'embano1/wip',
    id: 'GHSA-rg3q-prf8-qxmp',
    what: 'titles of pull requests run as commands',
    severity: 'high',
    below: [2],
  },
];
