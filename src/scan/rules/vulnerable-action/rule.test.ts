import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string) =>
  briefly(findingsOf('vulnerable-action', `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`));
const COMMIT = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';

it.each([
  ['tj-actions/changed-files@v35', '5 high regular'],
  ['dawidd6/action-download-artifact@v5', '5 high regular'],
  ['actions/download-artifact@v4.1.2', '5 medium regular'],
  [`actions/download-artifact@${COMMIT} # v4.0.0`, '5 medium regular'],
  ['github/codeql-action/init@v3.26.11', '5 medium regular'],
  ['github/codeql-action/init@v2', '5 medium regular'],
  ['Azure/setup-kubectl@v2', '5 low regular'],
  ['tj-actions/branch-names@v8', '5 high regular'],
  ['super-linter/super-linter/slim@v7', '5 high regular'],
])('sees %s', (uses, found) => {
  expect(check(uses)).toEqual([found]);
});

it.each([
  // A short tag is moved to the newest version that begins so.
  'actions/download-artifact@v4',
  'actions/download-artifact@v4.1',
  'actions/download-artifact@v3',
  'actions/download-artifact@v8.0.0',
  'gradle/gradle-build-action@v2',
  'anthropics/claude-code-action@v1',
  'shivammathur/setup-php@v2',
  'shivammathur/setup-php@2.24.0',
  'psf/black@stable',
  'tj-actions/changed-files@main',
  `tj-actions/changed-files@${COMMIT}`,
  `tj-actions/changed-files@${COMMIT} # since 2023-01-01`,
])('says nothing about %s', (uses) => {
  expect(check(uses)).toEqual([]);
});

it('knows commits of actions that have no versions', () => {
  expect(check('embano1/wip@92dce917deebbe95dcdfd0746e1f2285e2974096')).toEqual(['5 high regular']);
  expect(check('embano1/wip@c25450f77ed02c20d00b76ee3b33ff43838739a2')).toEqual([]);
});
