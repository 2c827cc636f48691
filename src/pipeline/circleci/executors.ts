import type { ImageUse, Runner, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import { asScalar, itemsOf } from '../yaml/access.ts';
import { type Member, memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';
import { find, type Library } from './library.ts';
import type { Resolver, Scope } from './scope.ts';

/** Where a job runs: keys of the job itself, over those of the executor that it names. */
export interface Executor {
  readonly runner: Runner | undefined;
  readonly images: readonly ImageUse[];
  readonly env: readonly Variable[];
  readonly shell: YamlNode | undefined;
}

const IMAGES_MAX = 50;
const VARIABLES_MAX = 500;

/** A mapping, or a list of mappings with one entry each. */
export function readVariables(node: YamlNode | undefined, resolver: Resolver): Variable[] {
  const variables = itemsOf(node).flatMap((item) =>
    [...membersOf(item)].map(([name, { key, value }]) => ({
      name,
      key,
      value: resolver.textOf(value),
      node: value,
    })),
  );
  return variables.slice(0, VARIABLES_MAX);
}

function readImage(node: YamlNode, resolver: Resolver): ImageUse | undefined {
  const text = resolver.textOf(memberOf(node, 'image'));
  if (text === undefined || text.value === '') return undefined;
  const credentials = ['auth', 'aws_auth'].flatMap((key) => readVariables(memberOf(node, key), resolver));
  return { node, text, reference: parseImageReference(text.value), credentials };
}

/** Runners of an organisation's own have the name of a namespace in front: `acme/linux`. */
function readRunner(node: YamlNode | undefined, resolver: Resolver): Runner | undefined {
  const label = resolver.textOf(node);
  if (node === undefined || label === undefined) return undefined;
  const isComputed = !label.isConstant;
  const isOwn = /^[\w.-]+\/[\w.-]+$/.test(label.value);
  return {
    node,
    labels: [label],
    group: undefined,
    hosting: isComputed ? 'unknown' : isOwn ? 'self-hosted' : 'hosted',
  };
}

/** The name of an executor; a parameter stands for the first that it is given. */
function executorName(job: YamlNode | undefined, scope: Scope | undefined): string | undefined {
  const node = memberOf(job, 'executor');
  const written = (asScalar(node) ?? asScalar(memberOf(node, 'name')))?.value;
  const parameter = /^\s*<<\s*parameters\.([\w-]+)\s*>>\s*$/.exec(written ?? '')?.[1];
  if (parameter === undefined) return written;
  const [given] = scope?.bindings.get(parameter)?.nodes ?? [];
  return (asScalar(given) ?? asScalar(memberOf(given, 'name')))?.value;
}

/** The definition of the executor that a job names, when it stands in the file. */
function findExecutor(name: string | undefined, library: Library): ReadonlyMap<string, Member> {
  const found = name === undefined ? undefined : find(library, 'executors', name);
  return membersOf(found?.kind === 'own' ? found.member.value : undefined);
}

export function readExecutor(
  job: YamlNode | undefined,
  scope: Scope | undefined,
  library: Library,
  resolver: Resolver,
): Executor {
  const shared = findExecutor(executorName(job, scope), library);
  const own = membersOf(job);
  const get = (key: string): YamlNode | undefined => (own.get(key) ?? shared.get(key))?.value;
  const containers = itemsOf(get('docker')).slice(0, IMAGES_MAX);
  const [first] = containers;
  const env = [own.get('environment'), shared.get('environment')].flatMap((member) =>
    readVariables(member?.value, resolver),
  );
  return {
    runner: readRunner(get('resource_class') ?? memberOf(get('machine'), 'resource_class'), resolver),
    images: containers.flatMap((each) => readImage(each, resolver) ?? []),
    env: [...env, ...readVariables(memberOf(first, 'environment'), resolver)],
    shell: get('shell'),
  };
}
