import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const workflow = (uses: string) =>
  `# --- .github/workflows/a.yml\non: push\njobs: { a: { steps: [{ uses: "${uses}" }] } }\n`;
const check = (text: string) => findingsOf('dependabot-without-actions', text).map(({ message }) => message);
const CONFIGURATION = '# --- .github/dependabot.yml\nversion: 2\nupdates: [{ package-ecosystem: npm }]\n';

it('counts each action once', () => {
  const two = 'on: push\njobs: { a: { steps: [{ uses: o/r@v1 }, { uses: o/r/path@v1 }], uses: o/s@v1 } }\n';
  expect(check(`# --- .github/workflows/a.yml\n${two}${CONFIGURATION}`)).toEqual([
    'nothing here updates the 2 actions that the workflows use',
  ]);
});

it('says nothing without Dependabot, and without actions of others', () => {
  expect(check(workflow('o/r@v1'))).toEqual([]);
  expect(check(workflow('./local') + CONFIGURATION)).toEqual([]);
});
