import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const judge = (interceptors: string, kind = 'EventListener'): string[] => {
  const trigger = `name: push\n      interceptors: ${interceptors}\n      template: { ref: build }`;
  const spec = kind === 'Trigger' ? `spec:\n      ${trigger}` : `spec:\n  triggers:\n    - ${trigger}`;
  const text = `# --- ci/listener.yaml\napiVersion: triggers.tekton.dev/v1beta1\nkind: ${kind}\nmetadata: { name: ci }\n${spec}\n`;
  return briefly(findingsOf('tekton-unverified-webhook', text));
};

it('is for everybody where an interceptor of a provider has no secret', () => {
  expect(judge('[{ ref: { name: github } }]')).toEqual(['6 medium regular']);
  expect(judge('[{ gitlab: { eventTypes: [Push Hook] } }]')).toEqual(['6 medium regular']);
  expect(judge('[{ ref: { name: bitbucket } }]', 'Trigger')).toEqual(['5 medium regular']);
});

it('is for pedants where nothing says that the webhook comes from outside', () => {
  expect(judge('[]')).toEqual(['6 medium pedantic']);
  expect(judge('[{ cel: { filter: "body.ok" } }]')).toEqual(['6 medium pedantic']);
});

it('is silent where the sender is checked', () => {
  expect(judge('[{ github: { secretRef: { secretName: a, secretKey: b } } }]')).toEqual([]);
  expect(
    judge('[{ ref: { name: gitlab }, params: [{ name: secretRef, value: { secretName: a } }] }]'),
  ).toEqual([]);
  expect(judge('[{ webhook: { objectRef: { name: checker } } }]')).toEqual([]);
  expect(judge(`[{ cel: { filter: "header.canonical('X').compareSecret('key', 'name')" } }]`)).toEqual([]);
});
