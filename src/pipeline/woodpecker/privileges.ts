import type { SourceText } from '../source.ts';
import type { CredentialUse, PrivilegeUse } from '../surface.ts';
import { asBoolean, asScalar, scalarsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';

const SOCKET = /^\/?(?:var\/)?run\/docker\.sock(?::|$)/;

function ofVolume(text: string): Pick<PrivilegeUse, 'kind' | 'what'> | undefined {
  if (SOCKET.test(text)) return { kind: 'docker-socket', what: 'the Docker socket of the agent' };
  if (!text.startsWith('/')) return undefined;
  return { kind: 'host-path', what: `the folder ${text.split(':', 1)[0] ?? text} of the agent` };
}

/** What a step asks for beyond its box. The server gives it to repositories that its administrator trusts. */
export function readPrivileges(step: YamlNode, source: SourceText): PrivilegeUse[] {
  const found: PrivilegeUse[] = [];
  const own = memberOf(step, 'privileged');
  if (own !== undefined && asBoolean(own) === true)
    found.push({ kind: 'privileged', what: '`privileged: true`', source, span: own });
  for (const volume of scalarsOf(memberOf(step, 'volumes')).slice(0, 100)) {
    const what = ofVolume(volume.value);
    if (what !== undefined) found.push({ ...what, source, span: volume });
  }
  const network = memberOf(step, 'network_mode');
  if (network !== undefined && asScalar(network)?.value === 'host')
    found.push({ kind: 'host-network', what: 'the network of the agent', source, span: network });
  const context = memberOf(memberOf(memberOf(step, 'backend_options'), 'kubernetes'), 'securityContext');
  for (const [name, { value }] of membersOf(context)) {
    if (name === 'privileged' && asBoolean(value) === true)
      found.push({ kind: 'privileged', what: '`privileged: true`', source, span: value });
    if (name === 'runAsUser' && asScalar(value)?.value === '0')
      found.push({ kind: 'root', what: 'user 0', source, span: value });
  }
  return found;
}

/** The account of the cluster that the pod of a step gets. */
export function readServiceAccount(step: YamlNode, source: SourceText): CredentialUse[] {
  const kubernetes = memberOf(memberOf(step, 'backend_options'), 'kubernetes');
  const account = asScalar(memberOf(kubernetes, 'serviceAccountName'));
  return account === undefined
    ? []
    : [{ kind: 'service-account', name: account.value, scope: 'step', source, span: account }];
}
