import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  id: 'secrets-inherit',
  title: 'A reusable workflow gets every secret',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-250', 'CWE-522'], cis: ['2.3.8'] },
  description: 'Looks for calls of reusable workflows with `secrets: inherit`.',
  why: 'The called workflow can read every secret of the repository and the organisation that the caller can, also those it has no use for, and those that are added later. When it is taken over, all of them are gone.',
  remedy: 'Pass the secrets that it needs by name: `secrets: { DEPLOY_KEY: ${{ secrets.DEPLOY_KEY }} }`.',
  references: [
    'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow',
  ],
  aliases: ['zizmor/secrets-inherit', 'ghalint/deny_inherit_secrets'],

  job(job, context) {
    const { call } = job;
    if (call?.inheritsSecrets === undefined) return;
    const target = context.repository.resolveCall(job);
    const own = call.reference.kind === 'local';
    const entry = call.inheritsSecrets;
    context.report({
      at: entry,
      message: `every secret goes to ${call.text.value}, whichever it needs`,
      severity: own ? 'low' : 'medium',
      related: [
        { at: call.text.node, label: 'the workflow that gets them' },
        ...(target === undefined
          ? []
          : [
              {
                at: target.node.entries[0]?.key ?? target.node,
                source: target.source,
                label: 'its definition',
              },
            ]),
      ],
    });
  },
};
