import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asSequence, findValue } from '../yaml/access.ts';
import type { ContentNode } from '../yaml/node.ts';
import { readBitbucketPipeline } from './read-pipeline.ts';

const MAIN = /(?:^|\/)bitbucket-pipelines\.ya?ml$/;
/** Pipelines to import from the same repository lie wherever their names end so; by custom in this folder. */
const SHARED = /(?:^|\/)\.bitbucket\/(?:[^/]+\/){0,3}[^/]*pipelines?\.ya?ml$/;

function kindOfPath(file: string): DefinitionKind | undefined {
  if (MAIN.test(file)) return 'workflow';
  return SHARED.test(file) ? 'template' : undefined;
}

const SECTIONS = ['default', 'branches', 'pull-requests', 'tags', 'custom', 'bookmarks'];

function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  const pipelines = findValue(root, 'pipelines');
  const isOwn = SECTIONS.some((name) => {
    const section = findValue(pipelines, name);
    return name === 'default' ? asSequence(section) !== undefined : asMapping(section) !== undefined;
  });
  return isOwn ? 'workflow' : undefined;
}

function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  const mapping = asMapping(root);
  if (mapping === undefined) return undefined;
  const pipelineKind = kind === 'workflow' ? 'workflow' : 'template';
  return { kind: 'pipeline', pipeline: readBitbucketPipeline(source, mapping, pipelineKind) };
}

/** Bitbucket Pipelines: `bitbucket-pipelines.yml`, and files of the repository that it imports. */
export const bitbucketReader: PlatformReader = { platform: 'bitbucket', kindOfPath, kindOfContent, read };
