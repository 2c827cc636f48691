import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) =>
  briefly(findingsOf('dependabot-code-execution', `# --- .github/dependabot.yml\nversion: 2\n${text}\n`));

it('is milder when there are no credentials to take', () => {
  expect(check('updates: [{ package-ecosystem: pip, insecure-external-code-execution: allow }]')).toEqual([
    '2 medium regular',
  ]);
});

it.each([
  'updates: [{ package-ecosystem: pip, insecure-external-code-execution: deny }]',
  'updates: [{ package-ecosystem: pip }]',
  'updates: allow',
])('says nothing about %s', (text) => {
  expect(check(text)).toEqual([]);
});
