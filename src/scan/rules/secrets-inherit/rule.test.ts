import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

it('is milder with a workflow of the same repository, and shows it', () => {
  const text = [
    '# --- .github/workflows/a.yml',
    'on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit',
    '# --- .github/workflows/b.yml',
    'on: workflow_call\njobs: {}\n',
  ].join('\n');
  const findings = findingsOf('secrets-inherit', text);
  expect(briefly(findings)).toEqual(['5 low regular']);
  expect(findings[0]?.locations.map(({ file }) => file)).toContain('.github/workflows/b.yml');
});
