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
  /** Commits of these versions, for actions that are so seldom tagged that a pin says no version. */
  readonly commits?: readonly string[];
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
    // Takes in GHSA-8v8w-v8xg-79rf, whose correction in 7.0.7 left half of it open.
    id: 'GHSA-gq52-6phf-x2r6',
    what: 'names of branches and tags run as commands',
    severity: 'high',
    below: [9],
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
    repository: 'github/codeql-action',
    id: 'GHSA-vqf5-2xx6-9wfm',
    what: 'the token gets into artifacts of a failed run',
    severity: 'medium',
    // Version 2 ended without a correction.
    from: [2, 26, 11],
    below: [3],
  },
  {
    repository: 'shivammathur/setup-php',
    id: 'GHSA-pqwm-q9pv-ph8r',
    what: 'a PHP version in a file of the repository runs as a command',
    severity: 'medium',
    from: [2, 25, 0],
    below: [2, 37, 1],
  },
  {
    repository: 'embano1/wip',
    id: 'GHSA-rg3q-prf8-qxmp',
    what: 'titles of pull requests run as commands',
    severity: 'high',
    below: [2],
    commits: [
      '86f5c81d8881ed57d9cd57ce31d982b089d8a029',
      'd10268b325aea84ff49ff3f0983c0ebc14976caf',
      '92dce917deebbe95dcdfd0746e1f2285e2974096',
      '35f7add7aa944323546e964c975eae0cf57e964a',
      'e83c03c8f4696b0cef273d83115521b26ebb8bec',
    ],
  },
  {
    repository: 'super-linter/super-linter',
    id: 'GHSA-r79c-pqj3-577x',
    what: 'names of files run as commands',
    severity: 'high',
    from: [6, 0, 0],
    below: [8, 3, 1],
  },
  {
    repository: 'sonarsource/sonarqube-scan-action',
    // Takes in GHSA-f79p-9c5r-xg88, whose correction in 5.3.1 left runners with Windows open.
    id: 'GHSA-5xq9-5g24-4g6f',
    what: 'its input `args` runs as a command',
    severity: 'medium',
    from: [4, 0, 0],
    below: [6, 0, 0],
  },
  {
    repository: 'j178/prek-action',
    id: 'GHSA-pwf7-47c3-mfhx',
    what: 'its inputs run as commands',
    severity: 'medium',
    below: [1, 0, 6],
  },
  {
    repository: 'psf/black',
    id: 'GHSA-v53h-f6m7-xcgm',
    what: 'with `use_pyproject`, a version in pyproject.toml installs code from anywhere',
    severity: 'medium',
    below: [26, 3, 0],
  },
  {
    repository: 'anthropics/claude-code-action',
    id: 'GHSA-8q5r-mmjf-575q',
    what: 'a pull request that is checked out configures servers that the agent starts',
    severity: 'medium',
    below: [1, 0, 74],
  },
  {
    repository: 'wktk/conflibot',
    id: 'GHSA-2qvg-qr73-mqxp',
    what: 'names of branches run as commands',
    severity: 'high',
    below: [1, 2, 1],
  },
  {
    repository: 'check-spelling/check-spelling',
    id: 'GHSA-g86g-chm8-7r2p',
    what: 'a link in a pull request gets the token printed',
    severity: 'high',
    below: [0, 0, 19],
  },
  {
    repository: 'canonical/get-workflow-version-action',
    id: 'GHSA-26wh-cc3r-w6pj',
    what: 'a part of the token is printed with an error',
    severity: 'high',
    below: [1, 0, 1],
  },
  {
    repository: 'kartverket/github-workflows',
    id: 'GHSA-f9qj-7gh3-mhj4',
    what: 'a pull request gets code into the job that plans it',
    severity: 'high',
    below: [2, 7, 5],
  },
  {
    repository: 'buildalon/setup-steamcmd',
    id: 'GHSA-mj96-mh85-r574',
    what: 'the log shows the token of the account',
    severity: 'high',
    below: [1, 1, 0],
  },
  {
    repository: 'm00nl1ght-dev/steam-workshop-deploy',
    id: 'GHSA-x6gv-2rvh-qmp6',
    what: 'the folder .git and credentials in it are published',
    severity: 'high',
    below: [4],
  },
  {
    repository: 'boldestdungeon/steam-workshop-deploy',
    id: 'GHSA-x6gv-2rvh-qmp6',
    what: 'the folder .git and credentials in it are published',
    severity: 'high',
    below: [2, 0, 0],
  },
  {
    repository: 'aquasecurity/trivy-action',
    id: 'GHSA-9p44-j4g5-cfx5',
    what: 'its inputs run as commands',
    severity: 'low',
    from: [0, 31, 0],
    below: [0, 34, 0],
  },
  {
    repository: 'ozi-project/publish',
    id: 'GHSA-2487-9f55-2vg9',
    what: 'names of branches run as code',
    severity: 'medium',
    from: [1, 13, 2],
    below: [1, 13, 6],
  },
  {
    repository: 'fish-shop/syntax-check',
    id: 'GHSA-xj87-mqvh-88w2',
    what: 'its input `pattern` runs as a command',
    severity: 'low',
    below: [1, 6, 12],
  },
  {
    repository: 'lycheeverse/lychee-action',
    id: 'GHSA-65rg-554r-9j5x',
    what: 'its input `lycheeVersion` runs as a command',
    severity: 'low',
    below: [2, 0, 2],
  },
  {
    repository: 'pypa/gh-action-pypi-publish',
    id: 'GHSA-vxmw-7h4f-hqxh',
    what: 'the name of the tag or branch runs as a command',
    severity: 'low',
    below: [1, 13, 0],
  },
  {
    repository: 'step-security/harden-runner',
    // Takes in GHSA-cpmj-h4f6-r6pq, corrected in 2.14.2.
    id: 'GHSA-g699-3x6g-wm3g',
    what: 'its block of outgoing connections lets names be looked up over TCP',
    severity: 'low',
    below: [2, 16, 0],
  },
  {
    repository: 'bullfrogsec/bullfrog',
    id: 'GHSA-m32f-fjw2-37v3',
    what: 'its block of outgoing connections lets names be looked up over TCP',
    severity: 'low',
    below: [0, 8, 4],
  },
];
