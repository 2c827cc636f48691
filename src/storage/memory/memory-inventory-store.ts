import { isInScope, type RepositoryScope } from '#core/repository-scope.ts';
import type {
  DayFigures,
  Figures,
  InventoryFilter,
  InventoryRecord,
  InventoryStore,
  ListPosition,
  Page,
  PageRequest,
} from '#inventory/ports.ts';
import { FIGURES, figuresFrom, figuresOf } from '../inventory/inventory-row.ts';
import { clampLimit } from '../window.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 366;

interface Entry<Row> extends ListPosition {
  readonly row: Row;
}

function compare(left: ListPosition, right: ListPosition): number {
  if (left.rank !== right.rank) return right.rank - left.rank;
  if (left.repository !== right.repository) return left.repository < right.repository ? -1 : 1;
  return left.item === right.item ? 0 : left.item < right.item ? -1 : 1;
}

function pageOf<Row>(entries: readonly Entry<Row>[], { after, limit }: PageRequest): Page<Row> {
  const ordered = entries
    .toSorted(compare)
    .filter((entry) => after === undefined || compare(after, entry) < 0)
    .slice(0, clampLimit(limit));
  const last = ordered.length < clampLimit(limit) ? undefined : ordered.at(-1);
  return {
    rows: structuredClone(ordered.map(({ row }) => row)),
    next: last && { rank: last.rank, repository: last.repository, item: last.item },
  };
}

function sumOf(figures: readonly Figures[]): Figures {
  const sums: number[] = FIGURES.map(() => 0);
  for (const each of figures) {
    for (const [at, value] of figuresOf(each).entries()) sums[at] = (sums[at] ?? 0) + value;
  }
  return figuresFrom(sums);
}

export function createMemoryInventoryStore(): InventoryStore {
  const records = new Map<string, InventoryRecord>();
  const days = new Map<string, Map<number, Figures>>();
  const inScope = (scope: RepositoryScope) =>
    [...records].filter(([name]) => isInScope(scope, name)).map(([, record]) => record);

  const matching = ({ scope, repository }: InventoryFilter) =>
    inScope(scope).filter((record) => [undefined, record.repository.repository].includes(repository));
  const fits = (search: string | undefined, ...words: readonly string[]): boolean =>
    search === undefined || words.join(' ').toLowerCase().includes(search.toLowerCase());
  const isOne = <Word>(words: readonly Word[] | undefined, word: Word | undefined): boolean =>
    words === undefined || (word !== undefined && words.includes(word));

  return {
    save: async (given) => {
      const record = structuredClone(given);
      const { repository: name, atMs, id } = record.repository;
      const known = records.get(name)?.repository;
      if (known !== undefined && (known.atMs > atMs || (known.atMs === atMs && known.id >= id))) return false;
      records.set(name, record);
      const own = days.get(name) ?? new Map<number, Figures>();
      days.set(name, own.set(Math.floor(atMs / DAY_MS), record.repository));
      return true;
    },
    repositories: async (filter, page) => {
      const entries = matching(filter)
        .filter(({ repository }) => fits(filter.search, repository.repository))
        .filter(({ repository }) => isOne(filter.severities, repository.worst))
        .filter(({ repository }) => repository.platforms.some((each) => isOne(filter.platforms, each)))
        .map(({ rank, repository }) => ({
          rank,
          repository: repository.repository,
          item: '',
          row: repository,
        }));
      return pageOf(entries, page);
    },
    repository: async (name) => {
      const record = records.get(name);
      if (record === undefined) return undefined;
      const { repository, coverage, thirdParties, problems } = structuredClone(record);
      return { ...repository, coverage, thirdParties, problems };
    },
    pipelines: async (filter, page) => {
      const entries = matching(filter)
        .flatMap(({ pipelines }) => pipelines)
        .filter(({ summary }) => fits(filter.search, summary.repository, summary.file, summary.name))
        .filter(({ summary }) => isOne(filter.platforms, summary.platform))
        .filter(({ summary }) => isOne(filter.severities, summary.worst))
        .filter(({ summary }) => filter.outsiders !== true || summary.outsiders)
        .filter(({ summary }) => filter.attacked !== true || summary.attackPaths > 0)
        .map(({ rank, summary }) => ({
          rank,
          repository: summary.repository,
          item: summary.file,
          row: summary,
        }));
      return pageOf(entries, page);
    },
    pipeline: async (name, file) => {
      const record = records.get(name);
      const found = record?.pipelines.find(({ summary }) => summary.file === file);
      if (record === undefined || found === undefined) return undefined;
      const { id, repository, branch, commit, atMs, by } = record.repository;
      const { authority: _, ...inspected } = found.inspected;
      return structuredClone({
        ...inspected,
        point: { id, repository, branch, commit, atMs, by },
        attackPaths: record.attackPaths
          .toSorted((left, right) => right.rank - left.rank)
          .map(({ attack }) => ({ repository, ...attack }))
          .filter(({ pipelines }) => pipelines.includes(file)),
        credentials: record.credentials
          .map(({ credential }) => ({ repository, ...credential }))
          .filter(({ pipeline }) => pipeline === file),
      });
    },
    authority: async (name, file) =>
      structuredClone(
        records.get(name)?.pipelines.find(({ summary }) => summary.file === file)?.inspected.authority,
      ),
    source: async (name, file) => records.get(name)?.files.find((source) => source.file === file),
    attackPaths: async (filter, page) => {
      const entries = matching(filter).flatMap(({ repository: { repository }, attackPaths }) =>
        attackPaths
          .filter(({ attack }) => fits(filter.search, repository, attack.title, attack.pipeline))
          .filter(({ platform }) => isOne(filter.platforms, platform))
          .filter(({ attack }) => isOne(filter.severities, attack.severity))
          .map(({ rank, attack }) => ({ rank, repository, item: attack.id, row: { repository, ...attack } })),
      );
      return pageOf(entries, page);
    },
    attackPath: async (repository, id) => {
      const found = records.get(repository)?.attackPaths.find(({ attack }) => attack.id === id);
      return found && structuredClone({ ...found.attack, repository });
    },
    credentials: async ({ kinds, ...filter }, page) => {
      const entries = matching(filter).flatMap(({ repository: { repository }, credentials }) =>
        credentials
          .filter(({ credential: { kindName, pipeline, secrets } }) =>
            fits(filter.search, repository, kindName, pipeline, ...secrets),
          )
          .filter(({ platform }) => isOne(filter.platforms, platform))
          .filter(({ credential }) => isOne(kinds, credential.kind))
          .map(({ credential }) => ({
            rank: 0,
            repository,
            item: credential.id,
            row: { repository, ...credential },
          })),
      );
      return pageOf(entries, page);
    },
    credential: async (repository, id) => {
      const found = records.get(repository)?.credentials.find(({ credential }) => credential.id === id);
      return found && structuredClone({ ...found.credential, repository });
    },
    totals: async (scope) => {
      const own = inScope(scope);
      const sum = (count: (record: InventoryRecord) => number) =>
        own.reduce((total, record) => total + count(record), 0);
      return {
        repositories: own.length,
        openPipelines: sum(({ openPipelines }) => openPipelines),
        attackedPipelines: sum(({ attackedPipelines }) => attackedPipelines),
        replaceableCredentials: sum(({ replaceableCredentials }) => replaceableCredentials),
        ...sumOf(own.map(({ repository }) => repository)),
      };
    },
    days: async (scope, fromMs, toMs) => {
      const to = Math.floor(toMs / DAY_MS);
      const from = Math.max(Math.floor(fromMs / DAY_MS), to - DAYS_MAX + 1);
      const own = [...days].filter(([name]) => isInScope(scope, name)).map(([, all]) => all);
      const figures: DayFigures[] = [];
      for (let day = from; day <= to; day += 1) {
        const standing = own.flatMap((all) => {
          const last = [...all.keys()].filter((each) => each <= day).reduce((a, b) => Math.max(a, b), -1);
          return all.get(last) ?? [];
        });
        figures.push({
          day: new Date(day * DAY_MS).toISOString().slice(0, 10),
          repositories: standing.length,
          ...sumOf(standing),
        });
      }
      return figures;
    },
    purge: async () => 0,
  };
}
