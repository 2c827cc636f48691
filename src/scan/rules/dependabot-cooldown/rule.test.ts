import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (update: string) =>
  findingsOf('dependabot-cooldown', `# --- .github/dependabot.yml\nversion: 2\nupdates:\n  ${update}\n`);

it.each([
  ['- { package-ecosystem: npm }', '3 info pedantic'],
  ['- { package-ecosystem: npm, cooldown: {} }', '3 info pedantic'],
  ['- { package-ecosystem: npm, cooldown: { exclude: [ours] } }', '3 info pedantic'],
  ['- { package-ecosystem: npm, cooldown: { default-days: 0 } }', '3 low regular'],
  ['- { package-ecosystem: npm, cooldown: { default-days: 2 } }', '3 low pedantic'],
  ['- { package-ecosystem: npm, cooldown: { default-days: 5 } }', '3 low pedantic'],
])('judges %s', (update, found) => {
  expect(briefly(check(update))).toEqual([found]);
});

it.each([
  '- { package-ecosystem: npm, cooldown: { default-days: 7 } }',
  '- { package-ecosystem: npm, cooldown: { semver-major-days: 30 } }',
  '- { package-ecosystem: npm, cooldown: { default-days: x } }',
  '- not a mapping',
])('says nothing about %s', (update) => {
  expect(check(update)).toEqual([]);
});

it('offers no fix where it would have to write into a flow mapping', () => {
  expect(check('- { package-ecosystem: npm, directory: / }')[0]?.fixes).toEqual([]);
});
