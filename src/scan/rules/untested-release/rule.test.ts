import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(...commands: string[]): string[] {
  const steps = commands.map((command) => `    - ${command}\n`).join('');
  const findings = surfaceFindings(rule, { text: `release:\n  steps:\n${steps}`, jobs: () => ({}) });
  return findings.map(({ message, persona }) => `${persona} ${message}`);
}

it('reports the first thing that leaves, once', () => {
  expect(judge('make', 'docker push app:1', 'kubectl apply -f app.yml')).toEqual([
    'auditor "release" hands over what was built (`docker push`), and no pipeline here looks for weaknesses in it',
  ]);
  expect(judge('kubectl apply -f app.yml').length).toBe(1);
});

it('is silent when any test of security stands there, and when nothing leaves', () => {
  for (const test of [
    'trivy image app:1',
    'semgrep ci',
    'npm audit',
    'gitleaks git .',
    'mvn verify sonar:sonar',
  ]) {
    expect(judge(test, 'docker push app:1')).toEqual([]);
  }
  expect(judge('make test')).toEqual([]);
});
