import type { ActionUse } from '#pipeline/model.ts';
import type { Rule } from '../../rule.ts';
import { formatVersion, versionOf } from '../../shared/action-versions.ts';
import { knownActionOf } from '../../shared/known-actions.ts';

/** Runtimes that runners have no more. */
const GONE = new Set(['node12', 'node16', 'plugin']);
const AGEING = new Set(['node20']);

/** Actions whose metadata is not known in full: the last major version that runs on Node.js 16 or older. */
const LAST_OLD_MAJOR: ReadonlyMap<string, number> = new Map([
  ['github/codeql-action', 2],
  ['dawidd6/action-download-artifact', 2],
  ['goreleaser/goreleaser-action', 4],
  ['peaceiris/actions-gh-pages', 3],
  ['peter-evans/create-or-update-comment', 3],
  ['actions/dependency-review-action', 3],
  ['actions/configure-pages', 1],
  ['actions/deploy-pages', 1],
  ['golangci/golangci-lint-action', 3],
  ['gradle/wrapper-validation-action', 1],
  ['haskell/actions', 2],
  ['actions-rs/toolchain', 1],
  ['actions-rs/cargo', 1],
]);

interface Age {
  readonly version: string;
  readonly runtime: string;
  readonly gone: boolean;
}

function ageOf(use: ActionUse): Age | undefined {
  const known = knownActionOf(use);
  if (known !== undefined) {
    const { runtime } = known;
    if (!GONE.has(runtime) && !AGEING.has(runtime)) return undefined;
    return {
      version: String(known.major),
      runtime:
        runtime === 'plugin' ? 'a part that runners had before 2020' : runtime.replace('node', 'Node.js '),
      gone: GONE.has(runtime),
    };
  }
  const last = LAST_OLD_MAJOR.get(use.reference.repository);
  const version = last === undefined ? undefined : versionOf(use.text, use.reference);
  if (last === undefined || version === undefined || (version[0] ?? 0) > last) return undefined;
  return { version: formatVersion(version), runtime: 'Node.js 16 or older', gone: true };
}

export const rule: Rule = {
  id: 'outdated-action',
  title: 'An action for a runtime that runners have no more',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1104', 'CWE-477'], cis: ['3.1.5'] },
  description:
    'Looks for versions of well-known actions that were written for Node.js 12 or 16, which runners have no more, or for Node.js 20, which has no security fixes.',
  why: 'The runner starts the action with a Node.js that it was never tested with. Nobody mends that version any more, neither the action nor the packages inside of it.',
  remedy: 'Go to the current major version of the action, and pin it to its full commit.',
  references: [
    'https://github.blog/changelog/2023-09-22-github-actions-transitioning-from-node-16-to-node-20/',
    'https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/',
  ],
  aliases: ['actionlint/action'],

  step({ work }, context) {
    if (work.kind !== 'action') return;
    const age = ageOf(work);
    if (age === undefined) return;
    const { repository } = work.reference;
    context.report({
      at: work.text.node,
      message: `${repository} ${age.version} was written for ${age.runtime}`,
      ...(age.gone ? {} : { severity: 'info', persona: 'auditor' }),
      key: `${repository} ${age.version}`,
    });
  },
};
