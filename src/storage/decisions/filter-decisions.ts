import type { DecisionFilter } from '#audit/decision-index/ports.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { integer, readInteger } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { Conditions } from '../window.ts';
import { wordPattern } from '../word-pattern.ts';
import { hourOf } from './decision-row.ts';

/** Keys are cut to this when they are stored, see `describe-decision.ts`. */
const KEY_CHARS = 200;
const POLICY_CHARS = 500;
/** What conditions are where there are none. */
const NOTHING = new Conditions().sql;
const DECISION_ID = /^dec_[0-9A-Z]{26}$/;

/** A filter as SQL: what holds for a shape (`s`), and what for a decision (`d`). */
export interface FilterSql {
  /** Undefined when every shape fits. */
  readonly shapes: Conditions | undefined;
  readonly rows: Conditions;
  /** Of `rows`: the times, and the outcomes in a way that no index is looked for. */
  readonly times: Conditions;
  readonly outcomes: Conditions;
  /** An index on something rare leads to the rows: better than any other way. */
  readonly selective: boolean;
}

export function filterToSql(filter: DecisionFilter): FilterSql {
  const { outcomes, reason, actor, run, text, fromMs, toMs } = filter;
  const id = text !== undefined && isDecisionId(text) ? text.trim() : undefined;
  const rows = new Conditions()
    .addChoice('d.outcome', outcomes)
    .addEqual('d.reason', keyOf(reason))
    .addEqual('d.actor', keyOf(actor))
    .addEqual('d.run', keyOf(run))
    .addEqual('d.id', id);
  const times = timeConditions(fromMs, toMs);
  rows.addAll(times);
  const shapes = shapeConditions(filter, id === undefined ? text : undefined);
  const selective = [reason, actor, run, id].some((each) => each !== undefined);
  return {
    shapes: shapes.sql === NOTHING ? undefined : shapes,
    rows,
    times,
    outcomes: new Conditions().addChoice(`(d.outcome || '')`, outcomes),
    selective,
  };
}

export function isDecisionId(text: string): boolean {
  return DECISION_ID.test(text.trim());
}

export function cutKey(text: string): string {
  return text.slice(0, KEY_CHARS);
}

export function cutPolicy(id: string): string {
  return id.slice(0, POLICY_CHARS);
}

function keyOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : toStoredText(cutKey(text));
}

function timeConditions(fromMs: number | undefined, toMs: number | undefined): Conditions {
  const times = new Conditions();
  if (fromMs !== undefined)
    times.add('d.hour >= ?', hourOf(fromMs)).add('d.time_ms >= ?', integer(fromMs, 'fromMs'));
  if (toMs !== undefined) times.add('d.hour <= ?', hourOf(toMs)).add('d.time_ms < ?', integer(toMs, 'toMs'));
  return times;
}

function shapeConditions(filter: DecisionFilter, text: string | undefined): Conditions {
  const stored = (value: string | undefined) => (value === undefined ? undefined : toStoredText(value));
  const conditions = new Conditions()
    .addEqual('s.resource', stored(filter.resource))
    .addEqual('s.provider', stored(filter.provider))
    .addEqual('s.repository', stored(filter.repository))
    .addEqual('s.environment', stored(filter.environment))
    .addEqual('s.trigger_name', stored(filter.trigger))
    .addEqual('s.workflow', stored(filter.workflow))
    .addEqual('s.principal', stored(filter.principal));
  if (filter.policy !== undefined) {
    conditions.add(
      's.digest IN (SELECT p.digest FROM decision_shape_policy p WHERE p.policy = ?)',
      toStoredText(cutPolicy(filter.policy)),
    );
  }
  for (const word of wordsOf(text)) conditions.add(`s.search LIKE ? ESCAPE '!'`, wordPattern(word));
  return conditions.addScope('s.repository', filter.scope);
}

const WORDS_MAX = 8;

/** All words must be there, in any order. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
}

/** The shapes first, once, and then each decision is looked up among them. */
export function inShapes({ shapes }: Pick<FilterSql, 'shapes'>, column = 'd.shape'): Conditions {
  if (shapes === undefined) return new Conditions();
  return new Conditions().add(
    `${column} IN (SELECT s.id FROM decision_shape s WHERE ${shapes.sql})`,
    ...shapes.values,
  );
}

/** Up to so many rows are gathered by shape and sorted; of more, a page is found quickly in the order of time. */
const FEW_ROWS = 2_000;

export async function areFew(database: Pick<SqlDatabase, 'query'>, sql: FilterSql): Promise<boolean> {
  const conditions = inShapes(sql).addAll(sql.rows);
  const [row] = await database.query(
    `SELECT count(*) FROM (SELECT 1 FROM decision d WHERE ${conditions.sql} LIMIT ${FEW_ROWS + 1}) AS found`,
    conditions.values,
  );
  return readInteger(row?.[0]) <= FEW_ROWS;
}
