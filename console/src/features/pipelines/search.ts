import type { FindingSeverity } from '#api/finding.ts';
import type { AuthorityNodeKind } from '#api/authority-graph.ts';
import type { PipelinePlatform } from '#api/inventory.ts';
import { readChoice, readChoices, readFlag, readInteger, readText } from '../../routing/search.ts';

export const VIEWS = ['pipelines', 'repositories', 'attacks'] as const;
export type InventoryView = (typeof VIEWS)[number];

export const PLATFORMS = [
  'github',
  'gitlab',
  'azure',
  'circleci',
  'jenkins',
  'bitbucket',
  'tekton',
  'argo',
  'woodpecker',
] as const satisfies readonly PipelinePlatform[];

export const SEVERITIES = [
  'critical',
  'high',
  'medium',
  'low',
  'info',
] as const satisfies readonly FindingSeverity[];

export interface InventorySearch {
  view?: InventoryView | undefined;
  q?: string | undefined;
  platform?: PipelinePlatform[] | undefined;
  severity?: FindingSeverity[] | undefined;
  outsiders?: true | undefined;
  attacked?: true | undefined;
}

export function readInventorySearch(search: Record<string, unknown>): InventorySearch {
  return {
    view: readChoice(search['view'], VIEWS),
    q: readText(search['q'])?.slice(0, 200),
    platform: readChoices(search['platform'], PLATFORMS),
    severity: readChoices(search['severity'], SEVERITIES),
    outsiders: readFlag(search['outsiders']),
    attacked: readFlag(search['attacked']),
  };
}

export const REPOSITORY_TABS = ['pipelines', 'tests', 'third-parties'] as const;
export type RepositoryTab = (typeof REPOSITORY_TABS)[number];

export interface RepositorySearch {
  name?: string | undefined;
  tab?: RepositoryTab | undefined;
}

export function readRepositorySearch(search: Record<string, unknown>): RepositorySearch {
  return { name: readText(search['name']), tab: readChoice(search['tab'], REPOSITORY_TABS) };
}

export const PIPELINE_TABS = ['overview', 'workflow', 'authority', 'source', 'access'] as const;
export type PipelineTab = (typeof PIPELINE_TABS)[number];

export const NODE_KINDS = [
  'actor',
  'trigger',
  'job',
  'code',
  'secret',
  'token',
  'identity',
  'environment',
  'runner',
  'cache',
  'artifact',
  'resource',
] as const satisfies readonly AuthorityNodeKind[];

export interface PipelineSearch {
  repository?: string | undefined;
  file?: string | undefined;
  tab?: PipelineTab | undefined;
  /** Of the authority graph: as a drawing or as a table, and the kinds that are left out. */
  as?: 'graph' | 'table' | undefined;
  hide?: AuthorityNodeKind[] | undefined;
  /** The chosen node of a graph. */
  node?: string | undefined;
  /** The line that the source shows first. */
  line?: number | undefined;
}

export function readPipelineSearch(search: Record<string, unknown>): PipelineSearch {
  return {
    repository: readText(search['repository']),
    file: readText(search['file']),
    tab: readChoice(search['tab'], PIPELINE_TABS),
    as: readChoice(search['as'], ['graph', 'table']),
    hide:
      Array.isArray(search['hide']) && search['hide'].length === 0
        ? []
        : readChoices(search['hide'], NODE_KINDS),
    node: readText(search['node']),
    line: readInteger(search['line']),
  };
}

export interface AttackSearch {
  repository?: string | undefined;
  id?: string | undefined;
}

export function readAttackSearch(search: Record<string, unknown>): AttackSearch {
  return { repository: readText(search['repository']), id: readText(search['id']) };
}
