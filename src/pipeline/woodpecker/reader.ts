import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asSequence, findValue, pairsOf } from '../yaml/access.ts';
import type { ContentNode, YamlNode } from '../yaml/node.ts';
import { readWoodpeckerPipeline } from './read-pipeline.ts';

const FILE = /(?:^|\/)\.woodpecker\.ya?ml$/;
const FOLDER = /(?:^|\/)\.woodpecker\/(?:[^/]+\/){0,3}[^/]+\.ya?ml$/;

function kindOfPath(file: string): DefinitionKind | undefined {
  return FILE.test(file) || FOLDER.test(file) ? 'workflow' : undefined;
}

function isContainer(node: YamlNode): boolean {
  const has = (name: string) => findValue(node, name) !== undefined;
  return has('image') && (has('commands') || has('settings'));
}

/** Steps that are containers with commands or settings: nobody else writes them so. */
function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  const steps = findValue(root, 'steps');
  const containers = asSequence(steps)?.items ?? pairsOf(steps).map(([, value]) => value);
  return containers.length > 0 && containers.every(isContainer) ? 'workflow' : undefined;
}

function read(source: SourceText, root: ContentNode): Definition | undefined {
  const mapping = asMapping(root);
  return mapping === undefined
    ? undefined
    : { kind: 'pipeline', pipeline: readWoodpeckerPipeline(source, mapping) };
}

/** Woodpecker CI: `.woodpecker.yml`, or every file in the folder `.woodpecker`. */
export const woodpeckerReader: PlatformReader = { platform: 'woodpecker', kindOfPath, kindOfContent, read };
