import type { FindingSearch } from '#findings/search/ports.ts';
import type { FindingFilter, FindingStore } from '#findings/tracking/ports.ts';
import type { FindingScope } from '#findings/tracking/tracked-finding.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import { integer, readInteger, readText, type SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { clampLimit, Conditions, LIST_ROWS_MAX } from '../window.ts';
import { commitChange } from './finding-change.ts';
import { conditionsOf, STATE_NOW } from './finding-conditions.ts';
import { createFindingSearch } from './finding-search.ts';
import {
  historyFromRow,
  RECORD_COLUMNS,
  RECORD_TABLES,
  recordFromRow,
  reportFromRow,
  severityOf,
  severityRank,
  stateFrom,
  storedScopeFromRow,
  trackedFromRow,
} from './finding-row.ts';

export interface FindingStoreOptions {
  readonly database: SqlDatabase;
  readonly eventSteps: (rows: readonly SqlValue[][]) => SqlStep[];
  readonly nowMs: () => number;
}

/** Rows that one answer brings over, where all of them are wanted. */
const PAGE_ROWS = 2_000;
const KEYS_MAX = 500;
const REPORTS_MAX = 1_000;
const ABANDONED_MS = 3_600_000;

type Queryable = Pick<SqlDatabase, 'query'>;

export function createFindingStore(options: FindingStoreOptions): FindingStore & FindingSearch {
  const { database } = options;
  const search = createFindingSearch(database);
  return {
    ...search,
    version: async (repository) => {
      const [row] = await database.query('SELECT version FROM finding_repository WHERE name = ?', [
        toStoredText(repository),
      ]);
      return row === undefined ? 0 : readInteger(row[0]);
    },
    known: (scope, fixedSinceMs, nowMs) => readKnown(database, scope, fixedSinceMs, nowMs),
    clockStarts: (scope, keys) => readClockStarts(database, scope, keys),
    commit: (change) => commitChange(change, { ...options, nowMs: options.nowMs() }),
    scopes: async (repository) => {
      const rows = await database.query(
        `SELECT repository, tool, target, last_report_id, last_report_ms, commit_id FROM finding_scope
         WHERE repository = ? ORDER BY tool, target LIMIT 10000`,
        [toStoredText(repository)],
      );
      return rows.map(storedScopeFromRow);
    },
    finding: async (id, nowMs) => {
      const [row] = await database.query(
        `SELECT ${RECORD_COLUMNS}, f.finding FROM ${RECORD_TABLES} WHERE f.id = ?`,
        [integer(nowMs, 'nowMs'), toStoredText(id)],
      );
      return row && trackedFromRow(row);
    },
    records: (ids, nowMs) => readRecords(database, ids, nowMs),
    findings: async (filter, { after, limit }, nowMs) => {
      const value = after && { value: severityRank(after.severity), id: after.id };
      const page = { order: 'severity', limit, ...(value && { after: value }) } as const;
      return [...(await search.search(filter, page, nowMs)).found];
    },
    counts: (filter, nowMs) => readCounts(database, filter, nowMs),
    history: async (findingId) => {
      const rows = await database.query(
        'SELECT entry FROM finding_history WHERE finding_id = ? ORDER BY change_id LIMIT ?',
        [toStoredText(findingId), LIST_ROWS_MAX],
      );
      return rows.map(historyFromRow);
    },
    reports: async (of, limit) => {
      const conditions =
        typeof of === 'string'
          ? new Conditions().addEqual('repository', toStoredText(of))
          : new Conditions().addScope('repository', of);
      const rows = await database.query(
        `SELECT report FROM finding_report WHERE ${conditions.sql} ORDER BY id DESC LIMIT ?`,
        [...conditions.values, Math.min(clampLimit(limit), REPORTS_MAX)],
      );
      return rows.map(reportFromRow);
    },
    endedAcceptances: async (nowMs) => {
      const rows = await database.query(
        `SELECT id, repository FROM finding WHERE accepted_until_ms IS NOT NULL AND accepted_until_ms <= ?
         ORDER BY accepted_until_ms LIMIT ?`,
        [integer(nowMs, 'nowMs'), LIST_ROWS_MAX],
      );
      return rows.map((row) => ({ id: readText(row[0]), repository: readText(row[1]) }));
    },
    purge: (nowMs) =>
      database.execute([
        {
          sql: 'DELETE FROM finding_change WHERE staged_at_ms < ?',
          values: [integer(nowMs, 'nowMs') - ABANDONED_MS],
        },
      ]),
  };
}

async function readKnown(database: Queryable, scope: FindingScope, fixedSinceMs: number, nowMs: number) {
  const { repository, tool, target } = scope;
  const found = [];
  for (let after = ''; ; ) {
    const rows = await database.query(
      `SELECT ${RECORD_COLUMNS} FROM ${RECORD_TABLES}
       WHERE f.repository = ? AND f.tool = ? AND f.target = ? AND f.id > ?
         AND (f.present = 1 OR f.fixed_at_ms >= ?) ORDER BY f.id LIMIT ?`,
      [
        integer(nowMs, 'nowMs'),
        toStoredText(repository),
        toStoredText(tool),
        toStoredText(target),
        after,
        integer(fixedSinceMs, 'fixedSinceMs'),
        PAGE_ROWS,
      ],
    );
    for (const row of rows) found.push(recordFromRow(row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return found;
    after = String(last[0]);
  }
}

function* inPortions<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += KEYS_MAX) yield items.slice(start, start + KEYS_MAX);
}

async function readClockStarts(database: Queryable, scope: FindingScope, keys: readonly string[]) {
  const { repository, tool, target } = scope;
  const starts = new Map<string, number>();
  for (const portion of inPortions([...new Set(keys)])) {
    const rows = await database.query(
      `SELECT key, min(clock_started_at_ms) FROM finding
       WHERE repository = ? AND present = 1 AND NOT (tool = ? AND target = ?)
         AND key IN (${portion.map(() => '?').join(', ')}) GROUP BY key`,
      [toStoredText(repository), toStoredText(tool), toStoredText(target), ...portion],
    );
    for (const row of rows) starts.set(readText(row[0]), readInteger(row[1]));
  }
  return starts;
}

async function readRecords(database: Queryable, ids: readonly string[], nowMs: number) {
  const found = [];
  for (const portion of inPortions(ids.slice(0, LIST_ROWS_MAX))) {
    const rows = await database.query(
      `SELECT ${RECORD_COLUMNS} FROM ${RECORD_TABLES}
       WHERE f.id IN (${portion.map(() => '?').join(', ')}) ORDER BY f.id`,
      [integer(nowMs, 'nowMs'), ...portion.map(toStoredText)],
    );
    for (const row of rows) found.push(recordFromRow(row));
  }
  return found;
}

async function readCounts(database: Queryable, filter: FindingFilter, nowMs: number) {
  const now = integer(nowMs, 'nowMs');
  const conditions = conditionsOf(filter, now);
  const rows = await database.query(
    `SELECT tool, target, severity, state_now, count(*) FROM (
       SELECT f.tool, f.target, f.severity, ${STATE_NOW} AS state_now FROM finding f WHERE ${conditions.sql}
     ) AS standing GROUP BY tool, target, severity, state_now ORDER BY tool, target, severity, state_now`,
    [now, ...conditions.values],
  );
  return rows.map((row) => ({
    tool: readText(row[0]),
    target: readText(row[1]),
    severity: severityOf(row[2]),
    state: stateFrom(row[3]),
    count: readInteger(row[4]),
  }));
}
