import type { Manifest } from '../kubernetes/manifest.ts';
import { relink } from '../kubernetes/relink.ts';
import type { PlatformReader } from '../reader.ts';
import { SourceText } from '../source.ts';
import { linkManifests } from './link.ts';
import { readArgoManifest } from './manifests.ts';
import { readArgoPipeline } from './read-pipeline.ts';

const NOWHERE = new SourceText('', '');
const FOLDER = /(?:^|\/)\.argo\/(?:.*\/)?[^/]+\.ya?ml$/;

/** Argo Workflows and Argo Events: documents of their kinds, wherever they lie. */
export const argoReader: PlatformReader = {
  platform: 'argo',
  kindOfPath: (file) => (FOLDER.test(file) ? 'workflow' : undefined),
  kindOfContent: (root) => (readArgoManifest(NOWHERE, root) === undefined ? undefined : 'workflow'),
  read(source, root) {
    const manifest = readArgoManifest(source, root);
    if (manifest === undefined) return undefined;
    return { kind: 'pipeline', pipeline: readArgoPipeline(manifest, linkManifests([manifest])) };
  },
  link: (files) =>
    relink(files, 'argo', readArgoManifest, (manifests: readonly Manifest[]) => {
      const links = linkManifests(manifests);
      return (manifest) => readArgoPipeline(manifest, links);
    }),
};
