import type { DecisionIndex } from '#audit/decision-index/ports.ts';
import type { Broker } from '#broker/broker.ts';
import type { Clock } from '#core/clock.ts';
import { isInScope } from '#core/repository-scope.ts';
import type { InventoryStore } from '#inventory/ports.ts';
import type { TakeInDefinitions } from '#inventory/take-in-definitions.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import {
  attackView,
  authorityView,
  credentialView,
  pipelineSummary,
  pipelineView,
  repositorySummary,
  repositoryView,
} from './inventory-views.ts';
import { addResources } from './add-resources.ts';
import { decodeCursor, encodeCursor } from './list-cursor.ts';
import { findPipelineAccess } from './pipeline-access.ts';

export interface InventoryDependencies {
  readonly store: InventoryStore;
  readonly takeIn: TakeInDefinitions;
}

export interface InventoryHandlerOptions {
  readonly inventory: InventoryDependencies;
  readonly decisions: DecisionIndex;
  readonly broker: Pick<Broker, 'configurationStatus' | 'simulate'>;
  readonly clock: Clock;
}

/** Of whoever asks; what is outside of it does not exist for them. */
function requireScope(caller: Person, repository: string, problem: RequestProblem): void {
  if (!isInScope(caller.scope, repository)) throw problem;
}

const unknownPipeline = () =>
  new RequestProblem('pipeline_unknown', 'No pipeline of this name was inspected in this repository.');
const unknownRepository = () =>
  new RequestProblem('repository_unknown', 'No repository of this name was inspected.');
const unknownItem = () => new RequestProblem('not_found', 'The newest inspection has nothing of this id.');

interface ListQuery {
  readonly search?: string | undefined;
  readonly repository?: string | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly severity?: readonly ('info' | 'low' | 'medium' | 'high' | 'critical')[] | undefined;
}

function filterOf({ search, repository, platform, severity }: ListQuery, { scope }: Person) {
  return {
    scope,
    ...(search !== undefined && { search }),
    ...(repository !== undefined && { repository }),
    ...(platform !== undefined && { platforms: platform }),
    ...(severity !== undefined && { severities: severity }),
  };
}

function pageOf({ after, limit }: { readonly after?: string | undefined; readonly limit: number }) {
  return { limit, ...(after !== undefined && { after: decodeCursor(after) }) };
}

type ListRoute =
  | 'listRepositories'
  | 'listPipelines'
  | 'listAttackPaths'
  | 'listStaticCredentials'
  | 'getAttackPath'
  | 'getStaticCredential';

export function createInventoryListHandlers({
  inventory: { store },
}: InventoryHandlerOptions): HandlersOf<ListRoute> {
  return {
    async listRepositories({ query, caller }) {
      const { rows, next } = await store.repositories(filterOf(query, caller), pageOf(query));
      return { value: { repositories: rows.map(repositorySummary), next: encodeCursor(next) } };
    },
    async listPipelines({ query, caller }) {
      const filter = {
        ...filterOf(query, caller),
        ...(query.outsiders !== undefined && { outsiders: true as const }),
        ...(query.attacked !== undefined && { attacked: true as const }),
      };
      const { rows, next } = await store.pipelines(filter, pageOf(query));
      return { value: { pipelines: rows.map(pipelineSummary), next: encodeCursor(next) } };
    },
    async listAttackPaths({ query, caller }) {
      const { rows, next } = await store.attackPaths(filterOf(query, caller), pageOf(query));
      return { value: { attackPaths: rows.map(attackView), next: encodeCursor(next) } };
    },
    async getAttackPath({ query: { repository, id }, caller }) {
      requireScope(caller, repository, unknownItem());
      const attack = await store.attackPath(repository, id);
      if (attack === undefined) throw unknownItem();
      return { value: attackView(attack) };
    },
    async listStaticCredentials({ query, caller }) {
      const filter = {
        ...filterOf(query, caller),
        ...(query.kind !== undefined && { kinds: query.kind }),
      };
      const { rows, next } = await store.credentials(filter, pageOf(query));
      return {
        value: { credentials: rows.map((each) => credentialView(each, false)), next: encodeCursor(next) },
      };
    },
    async getStaticCredential({ query: { repository, id }, caller }) {
      requireScope(caller, repository, unknownItem());
      const credential = await store.credential(repository, id);
      if (credential === undefined) throw unknownItem();
      return { value: credentialView(credential, true) };
    },
  };
}

type PipelineRoute =
  | 'getRepository'
  | 'getPipeline'
  | 'getPipelineAuthority'
  | 'getPipelineSource'
  | 'getPipelineAccess';

export function createPipelineHandlers(options: InventoryHandlerOptions): HandlersOf<PipelineRoute> {
  const { store } = options.inventory;
  return {
    async getRepository({ query: { name }, caller }) {
      requireScope(caller, name, unknownRepository());
      const detail = await store.repository(name);
      if (detail === undefined) throw unknownRepository();
      return { value: repositoryView(detail) };
    },
    async getPipeline({ query: { repository, file }, caller }) {
      requireScope(caller, repository, unknownPipeline());
      const detail = await store.pipeline(repository, file);
      if (detail === undefined) throw unknownPipeline();
      return { value: pipelineView(detail) };
    },
    async getPipelineAuthority({ query: { repository, file }, caller }) {
      requireScope(caller, repository, unknownPipeline());
      const [authority, detail] = await Promise.all([
        store.authority(repository, file),
        store.pipeline(repository, file),
      ]);
      if (authority === undefined || detail === undefined) throw unknownPipeline();
      return { value: addResources(authorityView(authority), await findPipelineAccess(detail, options)) };
    },
    async getPipelineSource({ query: { repository, file }, caller }) {
      requireScope(caller, repository, unknownPipeline());
      const source = await store.source(repository, file);
      if (source === undefined) throw unknownPipeline();
      return { value: { ...source } };
    },
    async getPipelineAccess({ query: { repository, file }, caller }) {
      requireScope(caller, repository, unknownPipeline());
      const detail = await store.pipeline(repository, file);
      if (detail === undefined) throw unknownPipeline();
      return { value: await findPipelineAccess(detail, options) };
    },
  };
}
