import type { Report, Rule } from '../../rule.ts';
import { findInstallations, type Installation } from './find-installation.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { findInGitlab } from './gitlab.ts';
import { findOnSurfaces } from './surface.ts';

const NAMES_SHOWN_MAX = 3;

/** The package itself is known; what it brings along was chosen by nobody. */
const PINNED = {
  severity: 'info',
  persona: 'auditor',
  remedy:
    'Put it into a lock file, and install from that: `npm ci`, `bundle install`, `pip install --require-hashes`.',
} as const;

function toReport({ command, packages, pinned, span }: Installation): Report {
  const shown = packages.slice(0, NAMES_SHOWN_MAX).map((name) => name.slice(0, 48).replace(/\$$/, '…'));
  const more = packages.length > shown.length ? ` and ${packages.length - shown.length} more` : '';
  return {
    at: span,
    message: pinned
      ? `${command} takes the newest of what ${shown.join(', ')}${more} depends on`
      : `${command} takes the newest ${shown.join(', ')}${more}`,
    ...(pinned ? PINNED : {}),
    key: `${command} ${packages.join(' ')}`,
  };
}

export const rule: Rule = {
  id: 'ad-hoc-package',
  title: 'A package is installed without a version',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.7'] },
  description:
    'Looks for packages that a script installs by name alone, past every lock file: `npm install name`, `pip install name`, `gem install`, `go install …@latest`, `cargo install`. Auditors also see those with a version, of which only the package itself is fixed.',
  why: 'The newest release is taken at once, also one that was published with a stolen token minutes ago. Its install scripts run with what the job has.',
  remedy:
    'Put it into the lock file of the project, or name the exact version: `npm install -g name@1.2.3`, `pip install name==1.2.3`.',
  references: ['https://github.com/ossf/scorecard/blob/main/docs/checks.md#pinned-dependencies'],
  incident: {
    name: 'Shai-Hulud',
    date: '2025-09',
    what: 'A worm published new releases of hundreds of packages with the tokens that it found in pipelines which had just installed the last ones.',
  },
  aliases: ['zizmor/adhoc-packages', 'scorecard/Pinned-Dependencies'],

  repository(repository, context) {
    const installations = [...findInGitlab(repository), ...findOnSurfaces(repository)];
    for (const found of installations) context.reportIn(found.text.source, toReport(found));
  },
  step(step, context) {
    if (step.work.kind !== 'script' || step.job.pipeline.platform !== 'github') return;
    for (const found of findInstallations(step.work)) context.report(toReport(found));
  },
};
