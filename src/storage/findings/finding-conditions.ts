import type { FindingFilter } from '#findings/tracking/ports.ts';
import { integer } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { Conditions } from '../window.ts';
import { wordPattern } from '../word-pattern.ts';
import { severityRank } from './finding-row.ts';

/** An acceptance that has ended is none, also before anybody has written that down. Takes the time once. */
export const STATE_NOW = `(CASE WHEN f.state = 'waived' AND f.accepted_until_ms <= ? THEN 'reopened' ELSE f.state END)`;

function storedOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : toStoredText(text);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ') || 'NULL';
}

/** What no facet counts: these hold for all of them. */
export function plainConditions(filter: FindingFilter): Conditions {
  const conditions = new Conditions()
    // Not the column itself: a scope may be everything, and an index on it would lead to each of the wide rows.
    .addScope(`coalesce(f.repository, '')`, filter.scope)
    .addEqual('f.target', storedOf(filter.target))
    .addEqual('f.file', storedOf(filter.file))
    .addEqual('f.assignee', storedOf(filter.assignee));
  const { overdueAtMs, words = [], priorities } = filter;
  if (overdueAtMs !== undefined) conditions.add('f.due_at_ms <= ?', integer(overdueAtMs, 'overdueAtMs'));
  for (const word of words) conditions.add(`f.search LIKE ? ESCAPE '!'`, wordPattern(word));
  if (priorities !== undefined) {
    const ranges = priorities.map(() => 'f.priority BETWEEN ? AND ?').join(' OR ') || '1 = 0';
    conditions.add(`(${ranges})`, ...priorities.flat().map((value) => integer(value, 'priority')));
  }
  return conditions;
}

/** One for each facet that is chosen from. `state` is a column, or {@link STATE_NOW} with its time. */
export function facetConditions(
  filter: FindingFilter,
  state: { readonly sql: string; readonly values: readonly number[] },
) {
  const { states, severities } = filter;
  const byState = new Conditions();
  if (states !== undefined) byState.add(`${state.sql} IN (${marks(states)})`, ...state.values, ...states);
  const bySeverity = new Conditions();
  if (severities !== undefined) {
    bySeverity.add(`f.severity IN (${marks(severities)})`, ...severities.map(severityRank));
  }
  return {
    repository: new Conditions().addEqual('f.repository', storedOf(filter.repository)),
    tool: new Conditions().addEqual('f.tool', storedOf(filter.tool)),
    severity: bySeverity,
    state: byState,
    kind: new Conditions().addChoice('f.kind', filter.kinds),
    area: new Conditions().addChoice('f.area', filter.areas),
    rule: new Conditions().addEqual('f.rule', storedOf(filter.rule)),
    owner: new Conditions().addEqual('f.owner', storedOf(filter.owner)),
  };
}

/** The whole filter. */
export function conditionsOf(filter: FindingFilter, nowMs: number): Conditions {
  const conditions = plainConditions(filter);
  const facets = facetConditions(filter, { sql: STATE_NOW, values: [nowMs] });
  for (const facet of Object.values(facets)) conditions.addAll(facet);
  return conditions;
}
