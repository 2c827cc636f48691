import { expect, it } from 'vitest';
import { failsOnFinding, kindsOf, toolsNamed, toolsOfCommand } from './security-tools.ts';

it.each([
  ['aquasec/trivy', 'Trivy'],
  ['docker.io/aquasec/trivy', 'Trivy'],
  ['registry.example/mirror/aquasec/trivy', 'Trivy'],
  ['snyk/actions/node', 'Snyk Open Source'],
  ['github/codeql-action/analyze', 'CodeQL'],
  ['Security/SAST.gitlab-ci.yml', 'GitLab SAST'],
  ['slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml', 'SLSA generator'],
])('%s is %s', (name, tool) => {
  expect(toolsNamed(name).map((each) => each.tool)).toContain(tool);
});

it.each(['github/codeql-action/init', 'actions/checkout', 'acme/trivy', '', 'a/'.repeat(1_000)])(
  '%s is no tool',
  (name) => {
    expect(toolsNamed(name)).toEqual([]);
  },
);

it('a command is known behind a path, a runner and a module of Python', () => {
  for (const command of [
    'gosec ./...',
    './bin/gosec ./...',
    '$HOME/go/bin/gosec ./...',
    'go run gosec ./...',
  ])
    expect(toolsOfCommand(command).map(({ tool }) => tool)).toEqual(['gosec']);
  expect(toolsOfCommand('python -m bandit -r .').map(({ tool }) => tool)).toEqual(['Bandit']);
  expect(toolsOfCommand('gosecurity')).toEqual([]);
});

it('options decide what is looked at and whether a finding fails', () => {
  const [trivy] = toolsNamed('aquasec/trivy');
  if (trivy === undefined) throw new Error('Trivy is known');
  expect(kindsOf(trivy, 'trivy fs .')).toEqual(['SCA']);
  expect(kindsOf(trivy, 'trivy image a')).toEqual(['container']);
  expect(failsOnFinding(trivy, 'exit-code: 1')).toBe(true);
  expect(failsOnFinding(trivy, 'exit-code: 0')).toBe(false);
});
