import type {
  AddedDecision,
  DecisionIndexStore,
  IndexChange,
  IndexedDecision,
} from '#audit/decision-index/ports.ts';
import { readByList } from '../read-by-list.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import { integer, readInteger, readText, type SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { countDecisions, readShapes, readTopValues } from './count-decisions.ts';
import { DECISION_COLUMNS_SQL, decisionFromRow, decisionToValues, shapeToValues } from './decision-row.ts';
import { readPosition } from './position.ts';
import { readChanges, searchDecisions } from './search-decisions.ts';

const IDS_MAX = 1_000;

/** The index in tables that both dialects share. */
export function createDecisionIndexStore(database: SqlDatabase): DecisionIndexStore {
  return {
    search: (filter, page) => searchDecisions(database, filter, page),
    changes: (filter, afterChange, limit) => readChanges(database, filter, afterChange, limit),
    find: (id) => findDecision(database, id),
    repositoriesOf: async (ids) => {
      const rows = await readByList(
        database,
        `SELECT d.id, s.repository FROM decision d JOIN decision_shape s ON s.id = d.shape
         WHERE s.repository IS NOT NULL AND d.id`,
        ids.slice(0, IDS_MAX).map(toStoredText),
      );
      return new Map(rows.map((row) => [readText(row[0]), readText(row[1])]));
    },
    counts: (filter, by) => countDecisions(database, filter, by),
    top: (filter, column, limit) => readTopValues(database, filter, column, limit),
    shapes: (filter, limit) => readShapes(database, filter, limit),
    position: () => readPosition(database),
    apply: async (change, server, nowMs, heldUntilMs) => {
      const head: SqlStep = {
        sql: `UPDATE decision_index SET position = ?, server = ?, server_until_ms = ?
              WHERE id = 1 AND position = ? AND (server = ? OR server_until_ms < ?)`,
        values: [
          integer(change.to, 'to'),
          toStoredText(server),
          integer(heldUntilMs, 'heldUntilMs'),
          integer(change.from, 'from'),
          toStoredText(server),
          integer(nowMs, 'nowMs'),
        ],
      };
      return (await database.execute([head, ...(await changeToSteps(database, change))])) === 1;
    },
  };
}

async function findDecision(database: SqlDatabase, id: string): Promise<IndexedDecision | undefined> {
  const [row] = await database.query(
    `SELECT ${DECISION_COLUMNS_SQL} FROM decision d JOIN decision_shape s ON s.id = d.shape WHERE d.id = ?`,
    [toStoredText(id)],
  );
  return row && decisionFromRow(row);
}

/** A step that changes no row would end the transaction before the others: each is known to change one. */
async function changeToSteps(database: SqlDatabase, change: IndexChange): Promise<SqlStep[]> {
  const { added, ended, erased } = change;
  const ids = ended.map(({ id }) => toStoredText(id));
  const [idRows, sequenceRows] = await Promise.all([
    readByList(database, 'SELECT d.id FROM decision d WHERE d.id', ids),
    readByList(database, 'SELECT d.sequence FROM decision d WHERE d.sequence', erased),
  ]);
  const knownIds = new Set([...idRows.map((row) => readText(row[0])), ...added.map(({ id }) => id)]);
  const known = new Set([
    ...sequenceRows.map((row) => readInteger(row[0])),
    ...added.map(({ sequence }) => sequence),
  ]);
  return [
    ...addedToSteps(added),
    ...ended
      .filter(({ id }) => knownIds.has(id))
      .map(({ id, outcome, changed }) => ({
        // What was issued once stays so, whatever a later try says.
        sql: `UPDATE decision SET outcome = CASE WHEN outcome = 'allowed' OR outcome = 'failed' THEN ? ELSE outcome END,
                changed = ? WHERE id = ?`,
        values: [outcome, integer(changed, 'changed'), toStoredText(id)],
      })),
    ...erased
      .filter((sequence) => known.has(sequence))
      .map((sequence) => ({
        sql: 'UPDATE decision SET actor = NULL WHERE sequence = ?',
        values: [sequence],
      })),
  ];
}

function addedToSteps(added: readonly AddedDecision[]): SqlStep[] {
  const shapes = new Map<string, AddedDecision>();
  for (const decision of added) shapes.set(decision.shape, decision);
  const policies = [...shapes.values()].flatMap(({ shape, policies: names }) =>
    [...new Set(names)].map((policy) => [toStoredText(policy), toStoredText(shape)]),
  );
  return [
    ...inSteps([...shapes.values()].map(shapeToValues), shapeStep),
    ...inSteps(policies, policyStep),
    ...inSteps(added.map(decisionToValues), decisionStep),
  ];
}

/** Few sizes, so that there are few texts of statements to keep prepared. */
const SIZES = [32, 8, 1];

function inSteps(rows: readonly SqlValue[][], toStep: (rows: readonly SqlValue[][]) => SqlStep): SqlStep[] {
  const steps: SqlStep[] = [];
  let start = 0;
  for (const size of SIZES)
    for (; rows.length - start >= size; start += size) steps.push(toStep(rows.slice(start, start + size)));
  return steps;
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

function shapeStep(rows: readonly SqlValue[][]): SqlStep {
  return {
    sql: `INSERT INTO decision_shape (digest, workload, principal, resource, provider, platform, repository, org, ref,
            environment, trigger_name, workflow, policies, search)
          VALUES ${rows.map((row) => `(${marks(row.length)})`).join(', ')}
          ON CONFLICT (digest) DO UPDATE SET workload = excluded.workload`,
    values: rows.flat(),
  };
}

function policyStep(rows: readonly SqlValue[][]): SqlStep {
  return {
    sql: `INSERT INTO decision_shape_policy (policy, digest) VALUES ${rows.map(() => '(?, ?)').join(', ')}
          ON CONFLICT (policy, digest) DO UPDATE SET digest = excluded.digest`,
    values: rows.flat(),
  };
}

/** The shape is written by its number, which the store gave it. */
function decisionStep(rows: readonly SqlValue[][]): SqlStep {
  const row = `(${marks(13)}, (SELECT s.id FROM decision_shape s WHERE s.digest = ?))`;
  return {
    sql: `INSERT INTO decision (time_ms, sequence, changed, id, hour, outcome, reason, run, commit_id, actor,
            policy_version, posture, lease, shape)
          VALUES ${rows.map(() => row).join(', ')}
          ON CONFLICT (hour, time_ms, sequence) DO UPDATE SET outcome = excluded.outcome`,
    values: rows.flat(),
  };
}
