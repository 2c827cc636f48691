import { wordNode } from '#pipeline/kubernetes/manifest.ts';
import { readArgoManifest, workflowSpecOf } from '#pipeline/argo/manifests.ts';
import { asBoolean, findValue } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  id: 'argo-default-service-account',
  title: 'A workflow runs as the default service account',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['argo'],
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-2'], cwe: ['CWE-250'], cis: ['2.3.8'] },
  description:
    'Looks for workflows that name no service account, or the one called `default`, and do not keep its token out of their pods.',
  why: 'Every pod of the namespace has that account. What one workflow needs is given to all of them, and a step that was taken over has it as well.',
  remedy:
    'Create an account with only the rights that this workflow needs (`create` and `patch` of `workflowtaskresults` are enough for the executor), and name it: `serviceAccountName: build`.',
  references: [
    'https://argo-workflows.readthedocs.io/en/latest/service-accounts/',
    'https://argo-workflows.readthedocs.io/en/latest/workflow-rbac/',
  ],
  aliases: ['checkov/CKV_ARGO_1'],

  pipeline({ source, node, kind }, context) {
    const manifest = readArgoManifest(source, node);
    const spec = manifest === undefined ? undefined : workflowSpecOf(manifest);
    // What a template leaves open, the workflow that is made of it may say.
    if (manifest === undefined || spec === undefined || kind === 'template') return;
    if (findValue(spec, 'workflowTemplateRef') !== undefined) return;
    if (asBoolean(findValue(spec, 'automountServiceAccountToken')) === false) return;
    const account = wordNode(spec, 'serviceAccountName');
    if (account !== undefined && account.value !== 'default') return;
    context.report({
      at: account ?? manifest.kindNode,
      message: `the workflow ${manifest.name.slice(0, 60)} runs as the service account that all pods of its namespace have`,
      key: 'serviceAccountName',
    });
  },
};
