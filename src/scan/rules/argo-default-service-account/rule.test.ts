import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const judge = (spec: string, kind = 'Workflow'): string[] => {
  const text = `# --- w.yaml\napiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: { name: in }\nspec: ${spec}\n`;
  return briefly(findingsOf('argo-default-service-account', text));
};

it('names workflows without an account, with that of the namespace, and with a schedule', () => {
  expect(judge('{ templates: [] }')).toEqual(['2 low pedantic']);
  expect(judge('{ serviceAccountName: default }')).toEqual(['4 low pedantic']);
  expect(judge('{ workflowSpec: { templates: [] } }', 'CronWorkflow')).toEqual(['2 low pedantic']);
});

it('is silent where an account is named, kept away, or left to somebody else', () => {
  expect(judge('{ serviceAccountName: build }')).toEqual([]);
  expect(judge('{ automountServiceAccountToken: false }')).toEqual([]);
  expect(judge('{ templates: [] }', 'WorkflowTemplate')).toEqual([]);
  expect(judge('{ workflowTemplateRef: { name: build } }')).toEqual([]);
});
