import type { SourceText } from '../source.ts';
import type { CredentialUse } from '../surface.ts';
import { asMapping, asScalar, itemsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';

const DEPTH_MAX = 6;

/** `from_secret: name`, wherever it stands below a value. */
function fromSecrets(
  node: YamlNode | undefined,
  source: SourceText,
  variable: string | undefined,
  depth = 0,
): CredentialUse[] {
  if (node === undefined || depth > DEPTH_MAX) return [];
  const name = asScalar(memberOf(node, 'from_secret'));
  if (name !== undefined) {
    const use = { kind: 'secret', name: name.value, scope: 'step', source, span: name } as const;
    return [variable === undefined ? use : { ...use, variable }];
  }
  const children =
    asMapping(node) === undefined ? itemsOf(node) : [...membersOf(node).values()].map(({ value }) => value);
  return children === undefined || asScalar(node) !== undefined
    ? []
    : children.flatMap((child) => fromSecrets(child, source, undefined, depth + 1));
}

/** `secrets: [a, { source: b, target: c }]`, the older way, gone with version 3. */
function listed(node: YamlNode | undefined, source: SourceText): CredentialUse[] {
  return itemsOf(node).flatMap((item) => {
    const name = asScalar(item) ?? asScalar(memberOf(item, 'source'));
    if (name === undefined) return [];
    const target = asScalar(memberOf(item, 'target'))?.value ?? name.value;
    const shared = { kind: 'secret', name: name.value, scope: 'step', source, span: name } as const;
    return [{ ...shared, variable: target.toUpperCase() }];
  });
}

/** Secrets that one step is given. */
export function readCredentials(step: YamlNode, source: SourceText): CredentialUse[] {
  const environment = [...membersOf(memberOf(step, 'environment'))].flatMap(([name, { value }]) =>
    fromSecrets(value, source, name),
  );
  const settings = [...membersOf(memberOf(step, 'settings')).values()].flatMap(({ value }) =>
    fromSecrets(value, source, undefined),
  );
  return [...environment, ...settings, ...listed(memberOf(step, 'secrets'), source)];
}
