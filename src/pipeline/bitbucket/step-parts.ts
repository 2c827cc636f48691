import type { ImageUse, Runner, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { StoreUse } from '../surface.ts';
import { Text } from '../text.ts';
import { asScalar, itemsOf, scalarsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';

const LIST_MAX = 200;

/** Bitbucket puts nothing into a text itself: what looks like a variable is the shell's. */
export function textOf(node: YamlNode | undefined, source: SourceText): Text | undefined {
  const scalar = asScalar(node);
  return scalar === undefined ? undefined : new Text(scalar, source, () => []);
}

export function readVariables(node: YamlNode | undefined, source: SourceText): Variable[] {
  return [...membersOf(node)].map(([name, { key, value }]) => ({
    name,
    key,
    value: textOf(value, source),
    node: value,
  }));
}

/** `image: name`, or a mapping with the account to fetch it with. */
export function readImage(node: YamlNode | undefined, source: SourceText): ImageUse | undefined {
  const text = textOf(node, source) ?? textOf(memberOf(node, 'name'), source);
  if (node === undefined || text === undefined || text.value === '') return undefined;
  const parsed = parseImageReference(text.value);
  // `$NAME` without braces is a variable here, too.
  const isComputed = parsed.pin !== 'digest' && text.value.includes('$');
  const reference = isComputed ? { ...parsed, pin: 'computed' as const } : parsed;
  const own = readVariables(node, source).filter(({ name }) => name === 'username' || name === 'password');
  const ofAws = readVariables(memberOf(node, 'aws'), source);
  return { node, text, reference, credentials: [...own, ...ofAws] };
}

/** Machines of one's own carry the label `self.hosted`. */
export function readRunner(node: YamlNode | undefined, source: SourceText): Runner | undefined {
  if (node === undefined) return undefined;
  const labels = scalarsOf(node)
    .slice(0, LIST_MAX)
    .flatMap((label) => textOf(label, source) ?? []);
  const isOwn = labels.some(({ value }) => value === 'self.hosted');
  return { node, labels, group: undefined, hosting: isOwn ? 'self-hosted' : 'hosted' };
}

/** Names of services that a step starts beside itself. */
export function serviceNames(node: YamlNode | undefined): string[] {
  return scalarsOf(node)
    .slice(0, LIST_MAX)
    .map(({ value }) => value);
}

export function readCaches(
  step: YamlNode,
  definitions: YamlNode | undefined,
  source: SourceText,
): StoreUse[] {
  const defined = memberOf(definitions, 'caches');
  return scalarsOf(memberOf(step, 'caches'))
    .slice(0, LIST_MAX)
    .map((span) => {
      const cache = memberOf(defined, span.value);
      const path = asScalar(cache) ?? asScalar(memberOf(cache, 'path'));
      const paths = path === undefined ? [] : [path.value];
      return { source, span, key: textOf(span, source), access: 'both', paths };
    });
}

/** A list of patterns; a mapping with `paths`; or, newer, sets of patterns under `upload`. */
function artifactPatterns(node: YamlNode | undefined): YamlNode[] {
  if (membersOf(node).size === 0) return [...itemsOf(node)];
  const sets = itemsOf(memberOf(node, 'upload')).flatMap((set) => itemsOf(memberOf(set, 'paths')));
  return [...itemsOf(memberOf(node, 'paths')), ...sets];
}

/** Whoever may see the runs of the repository may download these for two weeks. */
export function readArtifacts(step: YamlNode, source: SourceText): StoreUse[] {
  return artifactPatterns(memberOf(step, 'artifacts'))
    .slice(0, LIST_MAX)
    .flatMap((node) => {
      const pattern = asScalar(node);
      const shared = { source, key: undefined, access: 'write' } as const;
      return pattern === undefined ? [] : [{ ...shared, span: pattern, paths: [pattern.value] }];
    });
}
