import { type Manifest, readManifest } from '../kubernetes/manifest.ts';
import { relink } from '../kubernetes/relink.ts';
import type { PlatformReader } from '../reader.ts';
import { SourceText } from '../source.ts';
import type { ContentNode } from '../yaml/node.ts';
import { linkManifests } from './link.ts';
import { readTektonPipeline, TEKTON_KINDS } from './read-pipeline.ts';

const FOLDER = /(?:^|\/)\.tekton\/(?:.*\/)?[^/]+\.ya?ml$/;
const GROUPS = new Set(['tekton.dev', 'triggers.tekton.dev']);
const NOWHERE = new SourceText('', '');

function readTektonManifest(source: SourceText, root: ContentNode): Manifest | undefined {
  const manifest = readManifest(source, root);
  const isOwn = manifest !== undefined && GROUPS.has(manifest.group) && TEKTON_KINDS.has(manifest.kind);
  return isOwn ? manifest : undefined;
}

/** Tekton with Triggers and Pipelines as Code: `.tekton/`, and documents of its kinds wherever they lie. */
export const tektonReader: PlatformReader = {
  platform: 'tekton',
  kindOfPath: (file) => (FOLDER.test(file) ? 'workflow' : undefined),
  kindOfContent: (root) => (readTektonManifest(NOWHERE, root) === undefined ? undefined : 'workflow'),
  read(source, root) {
    const manifest = readTektonManifest(source, root);
    if (manifest === undefined) return undefined;
    return { kind: 'pipeline', pipeline: readTektonPipeline(manifest, linkManifests([manifest])) };
  },
  link: (files) =>
    relink(files, 'tekton', readTektonManifest, (manifests) => {
      const contexts = linkManifests(manifests);
      return (manifest) => readTektonPipeline(manifest, contexts);
    }),
};
