import type {
  AddedDecision,
  IndexedDecision,
  IndexedOutcome,
  OutcomeCounts,
} from '#audit/decision-index/ports.ts';
import {
  integer,
  readChoice,
  readInteger,
  readJsonText,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';

export const OUTCOMES = [
  'issued',
  'denied',
  'allowed',
  'failed',
] as const satisfies readonly IndexedOutcome[];
export const HOUR_MS = 3_600_000;
const SEARCH_CHARS_MAX = 4_000;

export const TRAIT_COLUMNS =
  's.principal, s.resource, s.provider, s.platform, s.repository, s.org, s.ref, s.environment, s.trigger_name, s.workflow, s.policies';
export const DECISION_COLUMNS_SQL = `d.sequence, d.changed, d.id, d.time_ms, d.outcome, d.reason, d.run, d.commit_id, d.actor,
  d.policy_version, d.posture, d.lease, ${TRAIT_COLUMNS}`;

const TRAITS_AT = 12;

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

/** What a search by words looks into. */
export function searchTextOf(decision: AddedDecision): string {
  const { principal, resource, provider, repository, org, ref, environment, trigger, workflow, policies } =
    decision;
  const words = [
    repository,
    resource,
    principal,
    ref,
    environment,
    trigger,
    workflow,
    provider,
    org,
    ...policies,
  ];
  return words
    .filter((each) => each !== undefined)
    .join('\n')
    .slice(0, SEARCH_CHARS_MAX)
    .toLowerCase();
}

export function shapeToValues(decision: AddedDecision): SqlValue[] {
  return [
    toStoredText(decision.shape),
    toStoredText(decision.workload),
    toStoredText(decision.principal),
    textOrNull(decision.resource),
    textOrNull(decision.provider),
    textOrNull(decision.platform),
    textOrNull(decision.repository),
    textOrNull(decision.org),
    textOrNull(decision.ref),
    textOrNull(decision.environment),
    textOrNull(decision.trigger),
    textOrNull(decision.workflow),
    JSON.stringify(decision.policies),
    toStoredText(searchTextOf(decision)),
  ];
}

/** The last value is the digest of the shape, in whose place its number is written. */
export function decisionToValues(decision: AddedDecision): SqlValue[] {
  return [
    integer(decision.timeMs, 'timeMs'),
    integer(decision.sequence, 'sequence'),
    integer(decision.changed, 'changed'),
    toStoredText(decision.id),
    hourOf(decision.timeMs),
    decision.outcome,
    textOrNull(decision.reason),
    textOrNull(decision.run),
    textOrNull(decision.commit),
    textOrNull(decision.actor),
    textOrNull(decision.policyVersion),
    textOrNull(decision.posture),
    textOrNull(decision.lease),
    toStoredText(decision.shape),
  ];
}

export function traitsFromRow(row: readonly SqlValue[], at: number) {
  const policies: string[] = JSON.parse(readJsonText(row[at + 10]));
  return {
    principal: readText(row[at]),
    resource: readOptionalText(row[at + 1]),
    provider: readOptionalText(row[at + 2]),
    platform: readOptionalText(row[at + 3]),
    repository: readOptionalText(row[at + 4]),
    org: readOptionalText(row[at + 5]),
    ref: readOptionalText(row[at + 6]),
    environment: readOptionalText(row[at + 7]),
    trigger: readOptionalText(row[at + 8]),
    workflow: readOptionalText(row[at + 9]),
    policies,
  };
}

/** From {@link DECISION_COLUMNS_SQL}. */
export function decisionFromRow(row: readonly SqlValue[]): IndexedDecision {
  return {
    sequence: readInteger(row[0]),
    changed: readInteger(row[1]),
    id: readText(row[2]),
    timeMs: readInteger(row[3]),
    outcome: readChoice(row[4], OUTCOMES),
    reason: readOptionalText(row[5]),
    run: readOptionalText(row[6]),
    commit: readOptionalText(row[7]),
    actor: readOptionalText(row[8]),
    policyVersion: readOptionalText(row[9]),
    posture: readOptionalText(row[10]),
    lease: readOptionalText(row[11]),
    ...traitsFromRow(row, TRAITS_AT),
  };
}

/** Counts by outcome, in the order of {@link OUTCOMES}, from `at` on. */
export function outcomesFromRow(row: readonly SqlValue[], at: number): OutcomeCounts {
  const [issued = 0, denied = 0, allowed = 0, failed = 0] = OUTCOMES.map((_, index) =>
    readInteger(row[at + index]),
  );
  return { issued, denied, allowed, failed };
}
