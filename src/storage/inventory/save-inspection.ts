import type { InventoryRecord, RepositorySummary } from '#inventory/ports.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import { CALL_CHARS_MAX, integer, type SqlValue, textOrNull } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { FIGURES, figuresOf, severityNumber, wordsOf } from './inventory-row.ts';
import { packJson } from './pack-json.ts';

const DAY_MS = 86_400_000;
/** The rest of one call is for what must not be left out. */
const PARTS_CHARS_MAX = CALL_CHARS_MAX / 2;

const COLUMNS = [
  ...wordsOf('name inspection rank search platforms worst branch commit_id at_ms by_whom'),
  ...FIGURES,
  ...wordsOf('open_pipelines attacked_pipelines replaceable'),
];

function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

const replaced = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = excluded.${column}`).join(', ');

/** Ids begin with their time: the later inspection of the same moment wins, too. */
const PUT_REPOSITORY = `${insertInto('inventory_repository', COLUMNS)}
  ON CONFLICT (name) DO UPDATE SET ${replaced(COLUMNS)}
  WHERE inventory_repository.at_ms < excluded.at_ms
     OR (inventory_repository.at_ms = excluded.at_ms AND inventory_repository.inspection < excluded.inspection)`;

const PUT_DAY = `${insertInto('inventory_day', ['repository', 'day', ...FIGURES])}
  ON CONFLICT (repository, day) DO UPDATE SET ${replaced(FIGURES)}`;

const PUT_ITEM = insertInto(
  'inventory_item',
  wordsOf('inspection kind item repository rank search platform worst topic is_open attacked content'),
);

const PUT_PART = insertInto('inventory_part', ['inspection', 'part', 'repository', 'content']);

export function searchTextOf(...words: readonly string[]): string {
  return toStoredText(words.join(' ').toLowerCase());
}

function repositorySteps(record: InventoryRecord): SqlStep[] {
  const { repository, rank, openPipelines, attackedPipelines, replaceableCredentials } = record;
  const { repository: name, id, branch, commit, atMs, by, platforms, worst } = repository;
  const figures = figuresOf(repository);
  return [
    {
      sql: PUT_REPOSITORY,
      values: [
        toStoredText(name),
        id,
        integer(rank, 'rank'),
        searchTextOf(name),
        toStoredText(`,${platforms.join(',')},`),
        severityNumber(worst),
        textOrNull(branch),
        toStoredText(commit),
        integer(atMs, 'atMs'),
        toStoredText(by),
        ...figures,
        openPipelines,
        attackedPipelines,
        replaceableCredentials,
      ],
    },
    { sql: PUT_DAY, values: [toStoredText(name), Math.floor(atMs / DAY_MS), ...figures] },
  ];
}

interface Item {
  readonly kind: 'pipeline' | 'attack' | 'credential';
  readonly item: string;
  readonly rank: number;
  readonly search: string;
  readonly platform: string;
  readonly worst: number;
  readonly topic: string;
  readonly isOpen: boolean;
  readonly attacked: boolean;
  readonly content: object;
}

const NEITHER = { isOpen: false, attacked: false, topic: '' } as const;

function itemsOf({
  repository: { repository },
  pipelines,
  attackPaths,
  credentials,
}: InventoryRecord): Item[] {
  return [
    ...pipelines.map(
      ({ rank, summary }): Item => ({
        kind: 'pipeline',
        item: summary.file,
        rank,
        search: searchTextOf(repository, summary.file, summary.name),
        platform: summary.platform,
        worst: severityNumber(summary.worst),
        topic: summary.kind,
        isOpen: summary.outsiders,
        attacked: summary.attackPaths > 0,
        content: summary,
      }),
    ),
    ...attackPaths.map(
      ({ rank, platform, attack }): Item => ({
        ...NEITHER,
        kind: 'attack',
        item: attack.id,
        rank,
        search: searchTextOf(repository, attack.title, attack.pipeline),
        platform,
        worst: severityNumber(attack.severity),
        content: attack,
      }),
    ),
    ...credentials.map(
      ({ platform, credential }): Item => ({
        ...NEITHER,
        kind: 'credential',
        item: credential.id,
        rank: 0,
        search: searchTextOf(repository, credential.kindName, credential.pipeline, ...credential.secrets),
        platform,
        worst: 0,
        topic: credential.kind,
        content: credential,
      }),
    ),
  ];
}

async function itemStep(item: Item, { id, repository }: RepositorySummary): Promise<SqlStep> {
  return {
    sql: PUT_ITEM,
    values: [
      id,
      item.kind,
      toStoredText(item.item),
      toStoredText(repository),
      integer(item.rank, 'rank'),
      item.search,
      toStoredText(item.platform),
      item.worst,
      toStoredText(item.topic),
      Number(item.isOpen),
      Number(item.attacked),
      await packJson(item.content),
    ],
  };
}

/** What is read one at a time; what matters most comes first, as the rest may have no room. */
function* partsOf({ coverage, thirdParties, problems, pipelines, files }: InventoryRecord) {
  yield ['repository', { coverage, thirdParties, problems }] as const;
  for (const { inspected } of pipelines) {
    const { authority, ...rest } = inspected;
    yield [`pipeline:${rest.file}`, rest] as const;
    yield [`authority:${rest.file}`, authority] as const;
  }
  for (const source of files) yield [`source:${source.file}`, source] as const;
}

async function partSteps(record: InventoryRecord): Promise<SqlStep[]> {
  const { id, repository } = record.repository;
  const steps: SqlStep[] = [];
  let left = PARTS_CHARS_MAX;
  for (const [part, value] of partsOf(record)) {
    const content = await packJson(value);
    if (content.length > left) continue;
    left -= content.length;
    steps.push({ sql: PUT_PART, values: [id, toStoredText(part), toStoredText(repository), content] });
  }
  return steps;
}

const KEPT = '(SELECT inspection FROM inventory_repository WHERE name = ?)';

/** One transaction, which ends at its first step when a newer inspection is there. */
export async function saveInspection(database: SqlDatabase, record: InventoryRecord): Promise<boolean> {
  const { repository } = record;
  const items = [];
  for (const item of itemsOf(record)) items.push(await itemStep(item, repository));
  const steps = [...repositorySteps(record), ...items, ...(await partSteps(record))];
  if ((await database.execute(steps)) === 0) return false;
  const name = toStoredText(repository.repository);
  for (const table of ['inventory_item', 'inventory_part']) {
    const sql = `DELETE FROM ${table} WHERE repository = ? AND inspection <> ${KEPT}`;
    await database.execute([{ sql, values: [name, name] }]);
  }
  return true;
}

/** What a server left behind that stopped between the two. */
export async function purgeInventory(database: SqlDatabase): Promise<number> {
  let removed = 0;
  for (const table of ['inventory_item', 'inventory_part']) {
    const sql = `DELETE FROM ${table} WHERE inspection NOT IN (SELECT inspection FROM inventory_repository)`;
    const values: SqlValue[] = [];
    removed += await database.execute([{ sql, values }]);
  }
  return removed;
}
