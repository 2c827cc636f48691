import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (runs: string) =>
  findingsOf('unpinnable-action', `# --- tools/x/action.yml\nname: x\nruns: ${runs}\n`);

it('counts what a composite action uses by tags and branches, and shows it', () => {
  const [finding, ...others] = check(
    '{ using: composite, steps: [{ uses: a/b@v1 }, { uses: a/c@main }, { uses: ./d }, { run: make }] }',
  );
  expect(others).toEqual([]);
  expect(finding?.message).toMatch(/^2 uses /);
  expect(finding?.locations).toHaveLength(3);
});

it.each([
  '{ using: composite, steps: [{ uses: "a/b@de0fac2e4500dabe0009e67214ff5f5447ce83dd" }, { uses: $/own }] }',
  '{ using: docker, image: Dockerfile }',
  '{ using: node24, main: index.js }',
])('says nothing about %s', (runs) => {
  expect(check(runs)).toEqual([]);
});

it('says nothing about actions that only the own workflows use', () => {
  const text =
    '# --- .github/actions/x/action.yml\nname: x\nruns: { using: composite, steps: [{ uses: a/b@v1 }] }\n';
  expect(findingsOf('unpinnable-action', text)).toEqual([]);
});

it('says nothing about workflows, which nobody pins with a commit of an action', () => {
  expect(findingsOf('unpinnable-action', 'on: push\njobs: { a: { steps: [{ uses: a/b@v1 }] } }\n')).toEqual(
    [],
  );
});
