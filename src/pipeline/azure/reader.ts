import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping } from '../yaml/access.ts';
import type { ContentNode } from '../yaml/node.ts';
import { linkAlone } from './link.ts';
import { readAzurePipeline } from './read-pipeline.ts';
import { isStartable, kindOfAzureContent, kindOfAzurePath, looksLikeAzure } from './recognise.ts';

/** In the folders that templates lie in, some files are started by themselves. */
function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  const mapping = asMapping(root);
  if (mapping === undefined || (kind === 'template' && !looksLikeAzure(mapping))) return undefined;
  const isStarted = kind === 'workflow' || isStartable(mapping);
  const pipeline = readAzurePipeline(source, mapping, isStarted ? 'workflow' : 'template');
  linkAlone(pipeline);
  return { kind: 'pipeline', pipeline };
}

/** Azure Pipelines: `azure-pipelines.yml`, and the folders that its templates usually lie in. */
export const azureReader: PlatformReader = {
  platform: 'azure',
  kindOfPath: kindOfAzurePath,
  kindOfContent: kindOfAzureContent,
  read,
};
