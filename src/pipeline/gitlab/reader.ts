import type { Definition } from '../model.ts';
import type { DefinitionKind, PlatformReader } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, asSequence, findValue, itemsOf, pairsOf } from '../yaml/access.ts';
import type { ContentNode, YamlNode } from '../yaml/node.ts';
import { readGitlabPipeline } from './read-pipeline.ts';

const MAIN = /(?:^|\/)\.gitlab-ci\.ya?ml$/;
/** `build.gitlab-ci.yml`, `.gitlab-ci-build.yml`; `gitlab-ci-local` is a tool with files of its own. */
const NAMED = /[^/]\.gitlab-ci\.ya?ml$|(?:^|\/)\.gitlab-ci[-_.](?!local[-.])[\w.-]{1,100}\.ya?ml$/;
const FOLDER = /(?:^|\/)\.gitlab(?:-ci)?\/(?:.*\/)?[^/]+\.ya?ml$/;
/** GitLab reads the configuration of an agent in a cluster from here only. */
const AGENT = /^\.gitlab\/agents\/[^/]+\/config\.ya?ml$/;
/** Configuration of other parts of GitLab that lies in the same folder. */
const OTHER =
  /(?:^|\/)\.gitlab\/(?:agents|dashboards|issue_templates|merge_request_templates|duo)\/|\/\.gitlab\/(?:route-map|changelog_config|dependabot|renovate)\.ya?ml$/;

function kindOfPath(file: string): DefinitionKind | undefined {
  if (AGENT.test(file)) return 'cluster-agent';
  if (MAIN.test(file)) return 'workflow';
  return (NAMED.test(file) || FOLDER.test(file)) && !OTHER.test(`/${file}`) ? 'template' : undefined;
}

const WHENS = /^(?:never|always|manual|on_success|on_failure|delayed)$/;

/** `rules:` as GitLab has them: entries that say when. */
function hasRules(job: YamlNode): boolean {
  return itemsOf(findValue(job, 'rules')).some((rule) =>
    WHENS.test(asScalar(findValue(rule, 'when'))?.value ?? ''),
  );
}

/** Jobs stand at the top of the file, among words that are GitLab's own. */
function kindOfContent(root: ContentNode): DefinitionKind | undefined {
  if (findValue(findValue(root, 'spec'), 'inputs') !== undefined) return 'template';
  const jobs = pairsOf(root).map(([, job]) => job);
  if (jobs.some(hasRules)) return 'template';
  const scripted = jobs.filter((job) => asSequence(findValue(job, 'script')) !== undefined);
  const stages = asSequence(findValue(root, 'stages'));
  return scripted.length > 0 && (stages !== undefined || scripted.some((job) => findValue(job, 'stage')))
    ? 'template'
    : undefined;
}

function read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined {
  if (kind === 'cluster-agent') {
    const shared = { platform: 'gitlab', file: source.file, source, node: root, problems: [] } as const;
    return { kind: 'configuration', configuration: { kind, ...shared } };
  }
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
