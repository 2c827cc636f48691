import type { Rule } from '../../rule.ts';
import { findInstallations } from './find-installation.ts';

const NAMES_SHOWN_MAX = 3;

export const rule: Rule = {
  id: 'ad-hoc-package',
  title: 'A package is installed without a version',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.7'] },
  description:
    'Looks for packages that a script installs by name alone, past every lock file: `npm install name`, `pip install name`, `gem install`, `go install …@latest`, `cargo install`.',
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

  step(step, context) {
    if (step.work.kind !== 'script') return;
    for (const { command, packages, span } of findInstallations(step.work)) {
      const shown = packages.slice(0, NAMES_SHOWN_MAX).map((name) => name.slice(0, 48));
      const more = packages.length > shown.length ? ` and ${packages.length - shown.length} more` : '';
      context.report({
        at: span,
        message: `${command} takes the newest ${shown.join(', ')}${more}`,
        key: `${command} ${packages.join(' ')}`,
      });
    }
  },
};
