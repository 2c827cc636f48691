import { sourcesOf } from '#pipeline/argo/events.ts';
import { readArgoManifest } from '#pipeline/argo/manifests.ts';
import type { Rule } from '../../rule.ts';

/** The field that each kind of source has for its secret. */
const FIELDS: Readonly<Record<string, string>> = {
  github: 'webhookSecret',
  gitlab: 'secretToken',
  bitbucketserver: 'webhookSecret',
  webhook: 'authSecret',
  slack: 'signingSecret',
};

export const rule: Rule = {
  id: 'argo-unverified-webhook',
  title: 'An event source believes whoever sends it a webhook',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['argo'],
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-1'], cwe: ['CWE-345', 'CWE-306'], cis: ['2.3.5'] },
  description:
    'Looks for event sources of Argo Events that take webhooks without a secret by which they tell the messages of their sender from those of others.',
  why: 'Sensors start workflows with what the event says. Without a secret anybody who reaches the address writes the event, also one that says that a member pushed to the main branch.',
  remedy:
    'Name a secret that only the sender knows: `webhookSecret: { name: webhook, key: token }` for GitHub, `secretToken` for GitLab, `authSecret` for a plain webhook.',
  references: [
    'https://argoproj.github.io/argo-events/eventsources/setup/github/',
    'https://argoproj.github.io/argo-events/eventsources/webhook-authentication/',
  ],
  aliases: [],

  pipeline({ source, node }, context) {
    const manifest = readArgoManifest(source, node);
    if (manifest?.kind !== 'EventSource') return;
    for (const each of sourcesOf(manifest)) {
      const field = FIELDS[each.type];
      if (field === undefined || each.isVerified) continue;
      context.report({
        at: each.key,
        message: `the ${each.type} source ${each.name.slice(0, 60)} takes events from everybody who reaches it: it has no \`${field}\``,
        // A plain webhook is often called from inside of the cluster only.
        persona: each.type === 'webhook' ? 'pedantic' : 'regular',
        key: `${each.type} ${each.name}`,
      });
    }
  },
};
