import type { Pin } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { ImportUse } from '../surface.ts';
import { asScalar } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';
import type { Section } from './sections.ts';

function pinOf(ref: string | undefined): Pin {
  if (ref === undefined || ref === '') return 'none';
  if (/^[0-9a-f]{40}$/.test(ref)) return 'commit';
  return /^v?\d+(?:\.\d+){1,3}$/.test(ref) ? 'tag' : 'branch';
}

/** A file of the same repository, or `repository:ref:pipeline` of the same workspace. */
function toImport(node: ScalarNode, source: SourceText): ImportUse {
  const text = node.value;
  const isLocal = /\.ya?ml$/.test(text) && !text.includes(':');
  const [name = text, version] = isLocal ? [text] : text.split(':', 2);
  const pin = isLocal ? 'local' : pinOf(version);
  const shared = { kind: 'template', origin: 'own', source, span: node } as const;
  return { ...shared, name, version, pin, immutable: isLocal || pin === 'commit' };
}

/** Shared pipelines: named sources under `definitions`, and imports in the place of a pipeline. */
export function readImports(root: YamlNode, sections: readonly Section[], source: SourceText): ImportUse[] {
  const named = [...membersOf(memberOf(memberOf(root, 'definitions'), 'imports')).values()];
  const direct = sections.map(({ value }) => asScalar(memberOf(value, 'import')));
  // `pipeline@source` goes through a named source.
  const written = direct.filter((node) => node !== undefined && !node.value.includes('@'));
  return [...named.map(({ value }) => asScalar(value)), ...written].flatMap((node) =>
    node === undefined ? [] : [toImport(node, source)],
  );
}
