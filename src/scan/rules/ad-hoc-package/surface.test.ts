import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

it('finds installations by name alone, once for a script that two jobs share', () => {
  const findings = surfaceFindings(rule, {
    text: 'one:\n  steps: &steps\n    - npm install -g firebase-tools\ntwo:\n  steps: *steps\n',
    jobs: () => ({}),
  });
  expect(findings.map(({ message }) => message)).toEqual(['npm install takes the newest firebase-tools']);
});

it('is silent about lock files', () => {
  const text = 'one:\n  steps:\n    - npm ci\n    - pip install --require-hashes -r requirements.txt\n';
  expect(surfaceFindings(rule, { text, jobs: () => ({}) })).toEqual([]);
});
