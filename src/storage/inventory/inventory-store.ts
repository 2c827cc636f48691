import type {
  AttackPath,
  Authority,
  Coverage,
  SourceFile,
  StaticCredential,
  ThirdParty,
} from '#inventory/inspected-repository.ts';
import type {
  InventoryFilter,
  InventoryStore,
  PageRequest,
  PipelineDetail,
  PipelineSummary,
  RepositorySummary,
} from '#inventory/ports.ts';
import type { SqlDatabase } from '../sql-database.ts';
import type { SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { clampLimit } from '../window.ts';
import { readDays, readTotals } from './inventory-days.ts';
import { REPOSITORY_COLUMNS, repositoryFromRow } from './inventory-row.ts';
import { findItem, findPart, listItems, repositoryConditions } from './list-inventory.ts';
import { unpackJson } from './pack-json.ts';
import { purgeInventory, saveInspection } from './save-inspection.ts';

/** Attacks and credentials of one repository are bounded by the inspection; this is more than either. */
const OF_ONE_MAX = 1_000;

/** In tables that both dialects share. */
export function createInventoryStore(database: SqlDatabase): InventoryStore {
  const unpack = async <Value>(found: Promise<SqlValue | undefined>): Promise<Value | undefined> => {
    const content = await found;
    return content === undefined ? undefined : unpackJson<Value>(content);
  };
  const withRepository = async <Item>(content: SqlValue | undefined, repository: string) => ({
    repository,
    ...(await unpackJson<Item>(content)),
  });
  const attackPaths: InventoryStore['attackPaths'] = (filter, page) =>
    listItems(database, 'attack', { filter }, page, withRepository<AttackPath>);
  const credentials: InventoryStore['credentials'] = ({ kinds, ...filter }, page) =>
    listItems(database, 'credential', { filter, topics: kinds }, page, withRepository<StaticCredential>);
  return {
    save: (record) => saveInspection(database, record),
    repositories: (filter, page) => listRepositories(database, filter, page),
    repository: async (name) => {
      const summary = await findRepository(database, name);
      const rest = await unpack<RepositoryPart>(findPart(database, name, 'repository'));
      return summary && rest && { ...summary, ...rest };
    },
    pipelines: (filter, page) =>
      listItems(database, 'pipeline', { filter }, page, (content) => unpackJson<PipelineSummary>(content)),
    pipeline: async (repository, file) => {
      const point = await findRepository(database, repository);
      const part = await unpack<PipelinePart>(findPart(database, repository, `pipeline:${file}`));
      if (point === undefined || part === undefined) return undefined;
      const [filter, page] = [{ scope: { kind: 'all' } as const, repository }, { limit: OF_ONE_MAX }];
      const [attacks, stored] = await Promise.all([attackPaths(filter, page), credentials(filter, page)]);
      const { id, branch, commit, atMs, by } = point;
      return {
        ...part,
        point: { id, repository, branch, commit, atMs, by },
        attackPaths: attacks.rows.filter(({ pipelines }) => pipelines.includes(file)),
        credentials: stored.rows.filter(({ pipeline }) => pipeline === file),
      };
    },
    authority: (repository, file) => unpack<Authority>(findPart(database, repository, `authority:${file}`)),
    source: (repository, file) => unpack<SourceFile>(findPart(database, repository, `source:${file}`)),
    attackPaths,
    attackPath: async (repository, id) => {
      const attack = await unpack<AttackPath>(findItem(database, 'attack', repository, id));
      return attack && { ...attack, repository };
    },
    credentials,
    credential: async (repository, id) => {
      const found = await unpack<StaticCredential>(findItem(database, 'credential', repository, id));
      return found && { ...found, repository };
    },
    totals: (scope) => readTotals(database, scope),
    days: (scope, fromMs, toMs) => readDays(database, scope, fromMs, toMs),
    purge: () => purgeInventory(database),
  };
}

type PipelinePart = Omit<PipelineDetail, 'point' | 'attackPaths' | 'credentials'>;

interface RepositoryPart {
  readonly coverage: Coverage;
  readonly thirdParties: readonly ThirdParty[];
  readonly problems: readonly string[];
}

async function listRepositories(database: SqlDatabase, filter: InventoryFilter, page: PageRequest) {
  const limit = clampLimit(page.limit);
  const conditions = repositoryConditions(filter, page.after);
  const found = await database.query(
    `SELECT ${REPOSITORY_COLUMNS} FROM inventory_repository r WHERE ${conditions.sql}
     ORDER BY r.rank DESC, r.name LIMIT ?`,
    [...conditions.values, limit],
  );
  const ranked = found.map(repositoryFromRow);
  const last = ranked.length < limit ? undefined : ranked.at(-1);
  return {
    rows: ranked.map(({ summary }) => summary),
    next: last && { rank: last.rank, repository: last.summary.repository, item: '' },
  };
}

async function findRepository(database: SqlDatabase, name: string): Promise<RepositorySummary | undefined> {
  const [row] = await database.query(
    `SELECT ${REPOSITORY_COLUMNS} FROM inventory_repository r WHERE r.name = ?`,
    [toStoredText(name)],
  );
  return row && repositoryFromRow(row).summary;
}
