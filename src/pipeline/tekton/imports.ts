import { entriesOf } from '../kubernetes/containers.ts';
import { annotationOf, type Manifest, wordAt, wordNode } from '../kubernetes/manifest.ts';
import { parseImageReference, type Pin } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { ImportKind, ImportUse } from '../surface.ts';
import { findValue } from '../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const VERSION = /^v?\d[\w.+-]{0,60}$/;

function isComputed(value: string): boolean {
  return value.includes('$(') || value.includes('{{');
}

function pinOf(version: string | undefined): Pin {
  if (version === undefined || version === '') return 'none';
  if (isComputed(version)) return 'computed';
  if (COMMIT.test(version)) return 'commit';
  return VERSION.test(version) ? 'tag' : 'branch';
}

type Named = Pick<ImportUse, 'name' | 'version' | 'pin'> & { readonly node: ScalarNode };

function ofBundle(node: ScalarNode): Named {
  const { name, tag, digest, pin } = parseImageReference(node.value.slice(0, 1000));
  return { node, name, version: digest ?? tag, pin: isComputed(node.value) ? 'computed' : pin };
}

const RAW =
  /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/(?:-\/)?(?:raw\/|blob\/)?(?:refs\/(?:heads|tags)\/)?([^/]+)\/.+$/;

/** The address of a file; in those of the big hosts stands a branch, a tag or a commit. */
function ofAddress(node: ScalarNode, address: string): Named {
  const [, repository, ref] = RAW.exec(address.slice(0, 2000)) ?? [];
  const pin = isComputed(address) ? 'computed' : pinOf(ref);
  return {
    node,
    name: repository ?? address.slice(0, 200),
    version: ref,
    pin: pin === 'none' ? 'branch' : pin,
  };
}

/** `resolver: git` and the others, which fetch from somewhere else. */
function ofResolver(reference: YamlNode): Named | undefined {
  const params = entriesOf(findValue(reference, 'params'));
  const param = (name: string): ScalarNode | undefined =>
    wordNode(
      params.find((each) => wordAt(each, 'name') === name),
      'value',
    );
  const resolver = wordNode(reference, 'resolver');
  if (resolver === undefined) return undefined;
  if (resolver.value === 'bundles') {
    const bundle = param('bundle');
    return bundle === undefined ? undefined : ofBundle(bundle);
  }
  if (resolver.value === 'git') {
    const [address, revision] = [param('url') ?? param('repo'), param('revision')];
    const name = [param('org')?.value, address?.value].filter((part) => part !== undefined).join('/');
    const at = revision ?? address ?? resolver;
    return { node: at, name, version: revision?.value, pin: pinOf(revision?.value) };
  }
  if (resolver.value === 'hub') {
    const [name, version] = [param('name'), param('version')];
    return {
      node: version ?? name ?? resolver,
      name: name?.value ?? 'hub',
      version: version?.value,
      pin: hubPin(version),
    };
  }
  const address = resolver.value === 'http' ? param('url') : undefined;
  return address === undefined ? undefined : ofAddress(address, address.value);
}

function hubPin(version: ScalarNode | undefined): Pin {
  if (version === undefined) return 'none';
  return isComputed(version.value) ? 'computed' : 'tag';
}

function toUse({ node, ...named }: Named, kind: ImportKind, source: SourceText): ImportUse {
  return { ...named, kind, immutable: false, origin: 'third-party', source, span: node };
}

/** What `taskRef:`, `pipelineRef:` or the `ref:` of a step takes from elsewhere. */
export function importsOfReference(
  reference: YamlNode | undefined,
  kind: ImportKind,
  source: SourceText,
): ImportUse[] {
  if (reference === undefined) return [];
  const bundle = wordNode(reference, 'bundle');
  const named = bundle === undefined ? ofResolver(reference) : ofBundle(bundle);
  return named === undefined ? [] : [toUse(named, kind, source)];
}

const PREFIX = 'pipelinesascode.tekton.dev/';

/** `git-clone:0.9`, `https://…/task.yaml`; files of the repository itself need no pin. */
function importOfWord(word: string, node: ScalarNode): Named | undefined {
  if (/^https?:\/\//.test(word)) return ofAddress(node, word);
  if (/^\.{0,2}\/|\.ya?ml$/.test(word)) return undefined;
  const [, name, version] = /^(?:[\w-]{1,60}:\/\/)?([\w.-]{1,100})(?::([\w.+-]{1,60}))?$/.exec(word) ?? [];
  if (name === undefined) return undefined;
  const isNewest = version === undefined || version === 'latest';
  return { node, name, version: isNewest ? undefined : version, pin: isNewest ? 'none' : 'tag' };
}

/** Tasks and pipelines that Pipelines as Code fetches before a run. */
export function importsOfAnnotations(manifest: Manifest): ImportUse[] {
  const names = Array.from({ length: 20 }, (_, index) => (index === 0 ? '' : `-${index}`));
  return ['task', 'pipeline'].flatMap((kind) =>
    names.flatMap((suffix) => {
      const node = annotationOf(manifest, `${PREFIX}${kind}${suffix}`);
      if (node === undefined) return [];
      const words = node.value
        .slice(0, 5000)
        .replaceAll(/^\s*\[|\]\s*$/g, '')
        .split(',');
      return words.flatMap((word) => {
        const named = importOfWord(word.trim().replaceAll(/^["']|["']$/g, ''), node);
        return named === undefined
          ? []
          : [toUse(named, kind === 'task' ? 'task' : 'template', manifest.source)];
      });
    }),
  );
}
