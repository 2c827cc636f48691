import type { SourceText } from '../source.ts';
import { asMapping, asScalar, findValue } from '../yaml/access.ts';
import type { ContentNode, MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';

/** One document of Kubernetes. */
export interface Manifest {
  readonly source: SourceText;
  readonly root: MappingNode;
  /** `tekton.dev` of `tekton.dev/v1`. */
  readonly group: string;
  readonly kind: string;
  readonly kindNode: ScalarNode;
  /** `metadata.name`, or what a generated name begins with; empty when there is neither. */
  readonly name: string;
  readonly nameNode: ScalarNode | undefined;
  readonly spec: YamlNode | undefined;
}

export function readManifest(source: SourceText, root: ContentNode | undefined): Manifest | undefined {
  const mapping = asMapping(root);
  const version = asScalar(findValue(mapping, 'apiVersion'));
  const kindNode = asScalar(findValue(mapping, 'kind'));
  if (mapping === undefined || version === undefined || kindNode === undefined) return undefined;
  const metadata = findValue(mapping, 'metadata');
  const nameNode = asScalar(findValue(metadata, 'name')) ?? asScalar(findValue(metadata, 'generateName'));
  return {
    source,
    root: mapping,
    group: version.value.split('/', 1)[0] ?? '',
    kind: kindNode.value,
    kindNode,
    name: nameNode?.value.replace(/-$/, '') ?? '',
    nameNode,
    spec: findValue(mapping, 'spec'),
  };
}

/** The annotation of a document, or what stands in its place. */
export function annotationOf(manifest: Manifest, name: string): ScalarNode | undefined {
  return asScalar(findValue(findValue(findValue(manifest.root, 'metadata'), 'annotations'), name));
}

/** The scalar of a member, when it holds any text. */
export function wordNode(node: YamlNode | undefined, ...path: readonly string[]): ScalarNode | undefined {
  const found = asScalar(path.reduce<YamlNode | undefined>(findValue, node));
  return found?.value === '' ? undefined : found;
}

export function wordAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  return wordNode(node, ...path)?.value;
}

export function valueAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>(findValue, node);
}
