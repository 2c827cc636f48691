import type { ImageUse, Runner, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { Text } from '../text.ts';
import { asMapping, asScalar, findValue, itemsOf, pairsOf } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { itemsThrough, memberThrough } from './directives.ts';
import { azureText } from './texts.ts';

/** Pools of Microsoft's own machines. */
const HOSTED_POOL = /^(?:azure pipelines|hosted(?: .*)?|server)$/i;
/** Microsoft’s own name for pools that make a fresh machine for each job. */
const MANAGED_POOL = /1es|managed|^NetCore/i;

function hostingOf(pool: YamlNode, name: Text | undefined, source: SourceText): Runner['hosting'] {
  if (memberThrough(pool, 'vmImage', source) !== undefined && name === undefined) return 'hosted';
  if (name === undefined || !name.isConstant) return 'unknown';
  if (HOSTED_POOL.test(name.value.trim())) return 'hosted';
  const demands = itemsOf(memberThrough(pool, 'demands', source)).map((each) => asScalar(each)?.value ?? '');
  // Pools that are told an image make a machine for the job.
  const isManaged =
    MANAGED_POOL.test(name.value) ||
    memberThrough(pool, 'image', source) !== undefined ||
    demands.some((each) => /^\s*ImageOverride\b/i.test(each));
  return isManaged ? 'unknown' : 'self-hosted';
}

/** `pool: name`, `pool: { name, demands }`, `pool: { vmImage }`. */
export function readPool(pool: YamlNode | undefined, source: SourceText): Runner | undefined {
  if (pool === undefined) return undefined;
  const single = azureText(pool, source);
  const name = single ?? azureText(memberThrough(pool, 'name', source), source);
  const image = azureText(memberThrough(pool, 'vmImage', source), source);
  if (single?.value === '') return undefined;
  const node = single?.node ?? asMapping(pool);
  if (node === undefined) return undefined;
  return {
    node,
    labels: image === undefined ? [] : [image],
    group: image === undefined ? name : undefined,
    hosting: hostingOf(pool, name, source),
  };
}

/** `resources.containers`, by name. */
export type ContainerResources = ReadonlyMap<string, YamlNode>;

export function readContainerResources(root: YamlNode, source: SourceText): ContainerResources {
  const resources = memberThrough(memberThrough(root, 'resources', source), 'containers', source);
  return new Map(
    itemsThrough(resources, source).flatMap(({ node }) => {
      const name = asScalar(findValue(node, 'container'))?.value;
      return name === undefined ? [] : [[name, node] as const];
    }),
  );
}

/** The mapping that a container is described by: its own, or the resource that it names. */
export function findContainer(
  node: YamlNode | undefined,
  resources: ContainerResources,
): YamlNode | undefined {
  const name = asScalar(node)?.value;
  return name === undefined ? node : (resources.get(name) ?? node);
}

export function readImage(
  node: YamlNode | undefined,
  resources: ContainerResources,
  source: SourceText,
): ImageUse | undefined {
  const container = findContainer(node, resources);
  const image = asMapping(container) === undefined ? container : memberThrough(container, 'image', source);
  const text = azureText(image, source);
  if (container === undefined || text === undefined || text.value === '') return undefined;
  const endpoint = memberThrough(container, 'endpoint', source);
  const credentials: Variable[] =
    endpoint === undefined
      ? []
      : pairsOf(container)
          .filter(([key]) => key.value === 'endpoint')
          .map(([key, value]) => ({ name: key.value, key, value: azureText(value, source), node: value }));
  // `$[ … ]` and the like stand for an image that is chosen later.
  const reference = text.isConstant
    ? parseImageReference(text.value)
    : { name: text.value, tag: undefined, digest: undefined, pin: 'computed' as const };
  return { node: text.node, text, reference, credentials };
}

/** `services:` name containers: of the resources, or images. */
export function readServices(
  node: YamlNode | undefined,
  resources: ContainerResources,
  source: SourceText,
): ImageUse[] {
  return pairsOf(node).flatMap(([, value]) => readImage(value, resources, source) ?? []);
}
