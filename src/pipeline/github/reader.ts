import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { ContentNode } from '../yaml/node.ts';
import { readAction, readWorkflow } from './read-pipeline.ts';

const WORKFLOW = /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/;
const ACTION = /(?:^|\/)action\.ya?ml$/;
const DEPENDABOT = /(?:^|\/)\.github\/dependabot\.ya?ml$/;

function kindOfPath(file: string): DefinitionKind | undefined {
  if (WORKFLOW.test(file)) return 'workflow';
  if (DEPENDABOT.test(file)) return 'dependency-updates';
  return ACTION.test(file) ? 'action' : undefined;
}

/** For files that were named one by one and lie anywhere. */
function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  if (findValue(root, 'jobs') !== undefined && findValue(root, 'on') !== undefined) return 'workflow';
  if (findValue(findValue(root, 'runs'), 'using') !== undefined) return 'action';
  const updates = findValue(root, 'updates');
  return updates !== undefined && findValue(root, 'version') !== undefined ? 'dependency-updates' : undefined;
}

function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  const mapping = asMapping(root);
  if (kind === 'dependency-updates') {
    const { file } = source;
    return {
      kind: 'configuration',
      configuration: { platform: 'github', kind, file, source, node: root, problems: [] },
    };
  }
  if (mapping === undefined) return undefined;
  const pipeline = kind === 'action' ? readAction(source, mapping) : readWorkflow(source, mapping);
  return { kind: 'pipeline', pipeline };
}

/** GitHub Actions; Gitea and Forgejo read the same language from their own folders. */
export const githubReader: PlatformReader = { platform: 'github', kindOfPath, kindOfContent, read };
