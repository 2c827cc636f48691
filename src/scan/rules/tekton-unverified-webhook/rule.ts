import { entriesOf } from '#pipeline/kubernetes/containers.ts';
import { wordAt } from '#pipeline/kubernetes/manifest.ts';
import { providerOf, verifiesSender } from '#pipeline/tekton/triggers.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** Interceptors that hold for several triggers of a listener. */
function groupInterceptors(spec: YamlNode | undefined): YamlNode[] {
  return entriesOf(findValue(spec, 'triggerGroups')).flatMap((group) => [
    ...entriesOf(findValue(group, 'interceptors')),
  ]);
}

function judge(
  trigger: YamlNode,
  outer: readonly YamlNode[],
  fallback: YamlNode,
  context: RuleContext,
): void {
  const interceptors = [...outer, ...entriesOf(findValue(trigger, 'interceptors'))];
  if (interceptors.some(verifiesSender)) return;
  const provider = interceptors.map(providerOf).find((each) => each !== undefined && each !== 'cel');
  const name = asScalar(findValue(trigger, 'name'));
  const named = name === undefined ? 'a trigger' : `the trigger ${name.value.slice(0, 60)}`;
  const lacks =
    provider === undefined
      ? 'no interceptor checks who sends it'
      : `its ${provider} interceptor has no secret`;
  context.report({
    at: name ?? fallback,
    message: `${named} takes webhooks from everybody who reaches the listener: ${lacks}`,
    // Without a provider it may be meant for callers inside of the cluster.
    persona: provider === undefined ? 'pedantic' : 'regular',
    key: `webhook ${name?.value ?? ''}`,
  });
}

export const rule: Rule = {
  id: 'tekton-unverified-webhook',
  title: 'A listener believes whoever sends it a webhook',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['tekton'],
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-1'], cwe: ['CWE-345', 'CWE-306'], cis: ['2.3.5'] },
  description:
    'Looks for triggers of an EventListener, and Triggers of their own, where no interceptor checks the signature or the token of the sender.',
  why: 'The listener is a server that starts pods with the rights of its templates. Without a shared secret anybody who finds its address can write the event, also one that says that a member pushed to the main branch.',
  remedy:
    'Create a secret, enter it as the secret of the webhook, and name it in the interceptor: `params: [{ name: secretRef, value: { secretName: webhook, secretKey: token } }]`.',
  references: [
    'https://tekton.dev/docs/triggers/interceptors/#github-interceptors',
    'https://tekton.dev/docs/triggers/eventlisteners/',
  ],
  aliases: [],

  pipeline({ node }, context) {
    const kind = wordAt(node, 'kind');
    const spec = findValue(node, 'spec');
    const at = findValue(node, 'kind');
    if (spec === undefined || at === undefined) return;
    if (kind === 'Trigger') judge(spec, [], at, context);
    if (kind !== 'EventListener') return;
    const outer = groupInterceptors(spec);
    for (const trigger of entriesOf(findValue(spec, 'triggers'))) {
      // What stands elsewhere is judged there.
      if (findValue(trigger, 'triggerRef') === undefined) judge(trigger, outer, at, context);
    }
  },
};
