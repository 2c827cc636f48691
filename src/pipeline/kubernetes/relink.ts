import type { Definition, Pipeline, Platform } from '../model.ts';
import type { ReadFile } from '../read-file.ts';
import type { SourceText } from '../source.ts';
import type { ContentNode } from '../yaml/node.ts';
import type { Manifest } from './manifest.ts';

/** Reads the documents of a repository again, each with what leads to it in the others. */
export function relink(
  files: readonly ReadFile[],
  platform: Platform,
  readManifest: (source: SourceText, root: ContentNode) => Manifest | undefined,
  link: (manifests: readonly Manifest[]) => (manifest: Manifest) => Pipeline,
): readonly ReadFile[] {
  const manifests = new Map<Definition, Manifest>();
  for (const definition of files.flatMap(({ definitions }) => definitions)) {
    if (definition.kind !== 'pipeline' || definition.pipeline.platform !== platform) continue;
    const manifest = readManifest(definition.pipeline.source, definition.pipeline.node);
    if (manifest !== undefined) manifests.set(definition, manifest);
  }
  // A single document was linked with itself when it was read.
  if (manifests.size < 2) return files;
  const read = link([...manifests.values()]);
  const again = (definition: Definition): Definition => {
    const manifest = manifests.get(definition);
    return manifest === undefined ? definition : { kind: 'pipeline', pipeline: read(manifest) };
  };
  return files.map((file) =>
    file.definitions.some((each) => manifests.has(each))
      ? { ...file, definitions: file.definitions.map(again) }
      : file,
  );
}
