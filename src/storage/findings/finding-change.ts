import type { AuditEvent } from '#audit/event.ts';
import type { FindingChange, FindingEvent, FindingWrite } from '#findings/tracking/ports.ts';
import { newId } from '#core/ids.ts';
import { eventToRow } from '../event-row.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import { integer, textOrNull, type SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { FINDING_COLUMNS, findingToRow } from './finding-row.ts';

/** Rows of one statement, and characters of one write: bounds for what a thread or connection holds at a time. */
const ROWS_MAX = 100;
const STEP_CHARS_MAX = 250_000;
const WRITE_CHARS_MAX = 1_000_000;

const STAGED_COLUMNS = ['change_id', 'staged_at_ms', 'is_new', 'entry', ...FINDING_COLUMNS];
const STAGED_MARKS = `(${STAGED_COLUMNS.map(() => '?').join(', ')})`;
const COLUMNS = FINDING_COLUMNS.join(', ');

/** What the report did not repeat stays as it is. */
const KEPT: readonly string[] = ['kind', 'rule', 'priority', 'area', 'subject', 'search', 'finding'];
const FIXED: readonly string[] = ['id', 'repository', 'tool', 'target', 'first_seen_ms'];
const ASSIGNMENTS = FINDING_COLUMNS.filter((column) => !FIXED.includes(column))
  .map(
    (column) =>
      `${column} = ${KEPT.includes(column) ? `coalesce(c.${column}, finding.${column})` : `c.${column}`}`,
  )
  .join(', ');

interface Staged {
  readonly step: SqlStep;
  readonly characters: number;
}

function stageRow(change: FindingChange, write: FindingWrite, nowMs: number): SqlValue[] {
  return [
    toStoredText(change.id),
    nowMs,
    write.isNew ? 1 : 0,
    write.history === undefined ? null : JSON.stringify(write.history),
    ...findingToRow(write),
  ];
}

function charactersOf(row: readonly SqlValue[]): number {
  let characters = 0;
  for (const value of row) characters += typeof value === 'string' ? value.length : 8;
  return characters;
}

/** Statements that put all rows of a change aside, where nobody reads them. */
export function* stageSteps(change: FindingChange, nowMs: number): Generator<Staged> {
  let values: SqlValue[] = [];
  let [rows, characters] = [0, 0];
  const step = (): Staged => {
    const marks = Array.from({ length: rows }, () => STAGED_MARKS).join(', ');
    const sql = `INSERT INTO finding_change (${STAGED_COLUMNS.join(', ')}) VALUES ${marks}`;
    return { step: { sql, values }, characters };
  };
  for (const write of change.findings) {
    const row = stageRow(change, write, nowMs);
    const size = charactersOf(row);
    if (rows === ROWS_MAX || (rows > 0 && characters + size > STEP_CHARS_MAX)) {
      yield step();
      values = [];
      [rows, characters] = [0, 0];
    }
    for (const value of row) values.push(value);
    rows += 1;
    characters += size;
  }
  if (rows > 0) yield step();
}

function addRepository(name: string): SqlStep {
  return {
    sql: 'INSERT INTO finding_repository (name, version) VALUES (?, 0) ON CONFLICT (name) DO NOTHING',
    values: [toStoredText(name)],
  };
}

/** Only who knows the version changes anything: two servers that read the same one do not both get it. */
function claimVersion({ repository, version }: FindingChange): SqlStep {
  return {
    sql: 'UPDATE finding_repository SET version = version + 1 WHERE name = ? AND version = ?',
    values: [toStoredText(repository), integer(version, 'version')],
  };
}

function reportSteps({ report, scopes, settled }: FindingChange): SqlStep[] {
  const steps: SqlStep[] = scopes.map(({ scope, lastReportId, lastReportMs, commit }) => ({
    sql: `INSERT INTO finding_scope (repository, tool, target, last_report_id, last_report_ms, commit_id)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (repository, tool, target) DO UPDATE SET last_report_id = excluded.last_report_id,
            last_report_ms = excluded.last_report_ms, commit_id = excluded.commit_id`,
    values: [
      toStoredText(scope.repository),
      toStoredText(scope.tool),
      toStoredText(scope.target),
      toStoredText(lastReportId),
      integer(lastReportMs, 'lastReportMs'),
      textOrNull(commit),
    ],
  }));
  if (report !== undefined) {
    steps.push({
      sql: 'INSERT INTO finding_report (id, repository, report) VALUES (?, ?, ?)',
      values: [toStoredText(report.id), toStoredText(report.repository), JSON.stringify(report)],
    });
  }
  const open = settled.map(({ repository, tool, target }) => ({
    sql: `UPDATE finding SET state = 'open' WHERE repository = ? AND tool = ? AND target = ? AND state = 'new'`,
    values: [toStoredText(repository), toStoredText(tool), toStoredText(target)],
  }));
  return [...steps, ...open];
}

/** A step that changes nothing would end the transaction early, so each one is there only when it has work. */
function applySteps({ id, findings }: FindingChange): SqlStep[] {
  const values = [toStoredText(id)];
  const steps: SqlStep[] = [];
  if (findings.some(({ isNew }) => !isNew)) {
    steps.push({
      sql: `UPDATE finding SET ${ASSIGNMENTS} FROM finding_change AS c
            WHERE c.change_id = ? AND c.is_new = 0 AND finding.id = c.id`,
      values,
    });
  }
  if (findings.some(({ isNew }) => isNew)) {
    steps.push({
      sql: `INSERT INTO finding (${COLUMNS}) SELECT ${COLUMNS} FROM finding_change
            WHERE change_id = ? AND is_new = 1`,
      values,
    });
  }
  if (findings.some(({ history }) => history !== undefined)) {
    steps.push({
      sql: `INSERT INTO finding_history (finding_id, change_id, entry)
            SELECT id, change_id, entry FROM finding_change WHERE change_id = ? AND entry IS NOT NULL`,
      values,
    });
  }
  if (findings.length > 0) steps.push({ sql: 'DELETE FROM finding_change WHERE change_id = ?', values });
  return steps;
}

export function auditEventOf({ timeMs, ...event }: FindingEvent): AuditEvent {
  return { id: newId('evt', { nowMs: () => timeMs }), timeMs, ...event, body: { ...event.body } };
}

export interface ChangeOptions {
  readonly database: SqlDatabase;
  /** Steps that record events in the same transaction; each changes a row. */
  readonly eventSteps: (rows: readonly SqlValue[][]) => SqlStep[];
  readonly nowMs: number;
}

/**
 * Writes a change of any size in one transaction. What is large is put aside first, in writes of bounded size that
 * nobody reads; the transaction itself moves it to its place. A crash before that leaves only what was put aside.
 */
export async function commitChange(change: FindingChange, options: ChangeOptions): Promise<boolean> {
  const { database, nowMs } = options;
  if (change.version === 0) await database.execute([addRepository(change.repository)]);
  let waiting: SqlStep[] = [];
  let characters = 0;
  let putAside = false;
  for (const staged of stageSteps(change, nowMs)) {
    if (characters + staged.characters > WRITE_CHARS_MAX && waiting.length > 0) {
      await database.execute(waiting);
      putAside = true;
      waiting = [];
      characters = 0;
    }
    waiting.push(staged.step);
    characters += staged.characters;
  }
  const events = options.eventSteps(change.events.map((event) => eventToRow(auditEventOf(event))));
  const steps = [claimVersion(change), ...waiting, ...reportSteps(change), ...applySteps(change), ...events];
  const claimed = (await database.execute(steps)) === 1;
  if (!claimed && putAside) {
    const values = [toStoredText(change.id)];
    await database.execute([{ sql: 'DELETE FROM finding_change WHERE change_id = ?', values }]);
  }
  return claimed;
}
