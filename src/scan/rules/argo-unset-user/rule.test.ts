import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

it('tells auditors of workflows of Argo that leave the user to the image', () => {
  const judge = (more: string, container = '') =>
    findingsOf(
      'argo-unset-user',
      `# --- workflows/a.yaml\napiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: { name: a }\nspec:\n  entrypoint: build\n${more}  templates:\n    - name: build\n      container: { image: tools, command: [make]${container} }\n`,
    ).map(({ persona, message }) => `${persona} ${message}`);
  expect(judge('')).toEqual(['auditor "build" runs as the user of the image, which is root for most images']);
  expect(judge('  securityContext: { runAsNonRoot: true }\n')).toEqual([]);
  expect(judge('', ', securityContext: { runAsNonRoot: true }')).toEqual([]);
});
