import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, findValue, pairsOf } from '../yaml/access.ts';
import type { ContentNode } from '../yaml/node.ts';
import { readCircleciPipeline } from './read-pipeline.ts';

const FOLDER = /(?:^|\/)\.circleci\/(?:[^/]+\/){0,5}[^/]+\.ya?ml$/;
const MAIN = /(?:^|\/)\.circleci\/config\.ya?ml$/;

/** Files beside the main one are what a set-up workflow goes on with, or parts that are packed into it. */
function kindOfPath(file: string): DefinitionKind | undefined {
  if (!FOLDER.test(file)) return undefined;
  return MAIN.test(file) ? 'workflow' : 'template';
}

const PARTS = ['jobs', 'workflows', 'orbs', 'commands', 'executors'];
const WHERE = ['docker', 'machine', 'macos', 'executor', 'steps'];

function hasParts(root: ContentNode): boolean {
  return PARTS.some((name) => findValue(root, name) !== undefined);
}

/** `version: 2.1` and jobs that say where they run. */
function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  const version = asScalar(findValue(root, 'version'))?.value ?? '';
  if (!/^2(?:\.[01])?$/.test(version) || !hasParts(root)) return undefined;
  const jobs = pairsOf(findValue(root, 'jobs'));
  const isJob = jobs.some(([, job]) => WHERE.some((key) => findValue(job, key) !== undefined));
  return isJob || findValue(root, 'orbs') !== undefined ? 'template' : undefined;
}

function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  const mapping = asMapping(root);
  if (mapping === undefined || !hasParts(mapping)) return undefined;
  const pipelineKind = kind === 'workflow' ? 'workflow' : 'template';
  return { kind: 'pipeline', pipeline: readCircleciPipeline(source, mapping, pipelineKind) };
}

/** CircleCI: `.circleci/config.yml`, and the files around it that a set-up workflow goes on with. */
export const circleciReader: PlatformReader = { platform: 'circleci', kindOfPath, kindOfContent, read };
