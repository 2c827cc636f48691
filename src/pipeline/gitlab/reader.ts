import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asSequence, findValue, pairsOf } from '../yaml/access.ts';
import type { ContentNode } from '../yaml/node.ts';
import { readGitlabPipeline } from './read-pipeline.ts';

const MAIN = /(?:^|\/)\.gitlab-ci\.ya?ml$/;
const NAMED = /[^/]\.gitlab-ci\.ya?ml$/;
const FOLDER = /(?:^|\/)\.gitlab(?:-ci)?\/(?:.*\/)?[^/]+\.ya?ml$/;
/** Configuration of other parts of GitLab that lies in the same folder. */
const OTHER =
  /(?:^|\/)\.gitlab\/(?:agents|dashboards|issue_templates|merge_request_templates|duo)\/|\/\.gitlab\/(?:route-map|changelog_config|dependabot|renovate)\.ya?ml$/;

function kindOfPath(file: string): DefinitionKind | undefined {
  if (MAIN.test(file)) return 'workflow';
  return (NAMED.test(file) || FOLDER.test(file)) && !OTHER.test(`/${file}`) ? 'template' : undefined;
}

/** Jobs stand at the top of the file, among words that are GitLab's own. */
function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  if (findValue(findValue(root, 'spec'), 'inputs') !== undefined) return 'template';
  const jobs = pairsOf(root).filter(([, job]) => asSequence(findValue(job, 'script')) !== undefined);
  const stages = asSequence(findValue(root, 'stages'));
  return jobs.length > 0 && (stages !== undefined || jobs.some(([, job]) => findValue(job, 'stage')))
    ? 'template'
    : undefined;
}

function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  const mapping = asMapping(root);
  if (mapping === undefined) return undefined;
  const layers = [{ source, root: mapping }] as const;
  return {
    kind: 'pipeline',
    pipeline: readGitlabPipeline(layers, kind === 'workflow' ? 'workflow' : 'template'),
  };
}

/** GitLab CI/CD: `.gitlab-ci.yml` and the files around it that it usually includes. */
export const gitlabReader: PlatformReader = { platform: 'gitlab', kindOfPath, kindOfContent, read };
