import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (access: string, file = '.gitlab/agents/a/config.yaml') =>
  briefly(findingsOf('gitlab-cluster-access', `# --- ${file}\nci_access: ${access}\n`));

it.each([
  ['{ groups: [{ id: a }] }', ['1 high regular']],
  ['{ groups: [{ id: a, access_as: { agent: {} } }] }', ['1 high regular']],
  ['{ groups: [{ id: a, access_as: { ci_job: {} } }] }', ['1 low pedantic']],
  ['{ projects: [{ id: a/b }] }', ['1 medium pedantic']],
  ['{ instance: {} }', ['1 critical regular']],
  ['{ groups: [{ id: a, environments: ["*"] }] }', ['1 high regular']],
  ['{ groups: [{ id: a, environments: [live] }] }', []],
  ['{ projects: [{ id: a, protected_branches_only: true }] }', []],
  ['[a, { b: c }]', []],
  ['{ groups: a }', []],
])('judges %s', (access, expected) => {
  expect(check(access)).toEqual(expected);
});

it('knows the only place that GitLab reads such a file from', () => {
  expect(check('{ groups: [{ id: a }] }', '.gitlab/other/a/config.yaml')).toEqual([]);
});
