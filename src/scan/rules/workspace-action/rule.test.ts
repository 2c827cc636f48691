import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const ACTION = '# --- here/action.yml\nruns:\n  using: composite\n  steps: []\n';
const find = (step: string, asOf = '2026-11-01') =>
  findingsOf(
    'workspace-action',
    `# --- .github/workflows/a.yml\non: push\njobs:\n  a:\n    steps:\n      - ${step}\n${ACTION}`,
    { asOf },
  );

it('sees an action of this repository that is read from the workspace', () => {
  expect(briefly(find('uses: ./here'))).toEqual(['5 low pedantic']);
});

it.each(['uses: $/here', 'uses: ./elsewhere', 'uses: o/r@v1', 'run: ./here'])(
  'is content with %s',
  (step) => {
    expect(find(step)).toEqual([]);
  },
);

it('knows since when there is something better', () => {
  expect(find('uses: ./here', '2026-07-01')).toEqual([]);
});

it('says nothing about a reusable workflow, which is of the same commit anyway', () => {
  const text = `# --- .github/workflows/a.yml\non: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n# --- .github/workflows/b.yml\non: workflow_call\njobs: {}\n`;
  expect(findingsOf('workspace-action', text)).toEqual([]);
});

it('keeps the quotes when it mends', () => {
  const [finding] = find('uses: "./here"');
  const [edit] = finding?.fixes[0]?.edits ?? [];
  expect(edit?.replacement).toBe('$');
  expect((edit?.end ?? 0) - (edit?.start ?? 0)).toBe(1);
});
