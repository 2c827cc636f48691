import { FindingError } from './finding-error.ts';
import type { FindingWrite, KnownRecord } from './ports.ts';
import { dueAt, type ServiceLevel } from './service-level.ts';
import { isExempt, pauseClock, stateOf, tidyTriage } from './standing.ts';
import type { FindingScope, FindingState, HistoryEntry, HistoryKind, Triage } from './tracked-finding.ts';

/** What somebody decides about a finding. */
export type TriageAction =
  | { readonly action: 'assign'; readonly assignee: string | undefined; readonly note?: string }
  | {
      readonly action: 'accept';
      readonly owner: string;
      readonly reason: string;
      readonly untilMs: number;
    }
  | { readonly action: 'false-positive'; readonly reason: string }
  /** Takes an acceptance or a false positive back. */
  | { readonly action: 'restore'; readonly reason: string }
  | { readonly action: 'comment'; readonly note: string };

const ACCEPTANCE_MS_MAX = 3 * 366 * 86_400_000;
const WORDS_CHARS_MAX = 1_000;
const NAME_CHARS_MAX = 200;
const CONTROL = /\p{Cc}/u;

function invalid(message: string, remedy: string): FindingError {
  return new FindingError('triage_invalid', message, { remedy });
}

/** Reasons may have several lines; a terminal's control characters are in none. */
function checkWords(name: string, text: string, charsMax: number): void {
  const plain = charsMax === WORDS_CHARS_MAX ? text.replaceAll(/[\n\t]/g, ' ') : text;
  if (text.trim() === '') throw invalid(`The ${name} is empty.`, `Say the ${name} in a few words.`);
  if (text.length > charsMax || CONTROL.test(plain) || !text.isWellFormed()) {
    throw invalid(`The ${name} cannot be stored.`, `Use at most ${charsMax} printable characters.`);
  }
}

/** @throws FindingError `triage_invalid` */
export function checkTriage(action: TriageAction, nowMs: number): void {
  if (action.action === 'assign') {
    if (action.assignee !== undefined) checkWords('assignee', action.assignee, NAME_CHARS_MAX);
    if (action.note !== undefined) checkWords('note', action.note, WORDS_CHARS_MAX);
    return;
  }
  if (action.action === 'comment') return checkWords('comment', action.note, WORDS_CHARS_MAX);
  checkWords('reason', action.reason, WORDS_CHARS_MAX);
  if (action.action !== 'accept') return;
  checkWords('owner', action.owner, NAME_CHARS_MAX);
  if (!Number.isSafeInteger(action.untilMs) || action.untilMs <= nowMs) {
    throw invalid('The acceptance would have ended already.', 'Give a day in the future.');
  }
  if (action.untilMs > nowMs + ACCEPTANCE_MS_MAX) {
    throw invalid('The acceptance would last for more than three years.', 'Look at it again sooner.');
  }
}

interface Decided {
  readonly triage: Triage;
  readonly kind: HistoryKind;
  readonly note: string;
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function accept(
  action: Extract<TriageAction, { action: 'accept' }>,
  triage: Triage,
  by: string,
  atMs: number,
): Decided {
  const { owner, reason, untilMs } = action;
  return {
    triage: tidyTriage({
      ...triage,
      falsePositive: undefined,
      acceptance: { owner, reason, untilMs, by, atMs },
    }),
    kind: 'accepted',
    note: `until ${day(untilMs)} by ${owner}: ${reason}`,
  };
}

function decide(triage: Triage, action: TriageAction, by: string, atMs: number): Decided {
  if (action.action === 'accept') return accept(action, triage, by, atMs);
  if (action.action === 'comment') return { triage, kind: 'comment', note: action.note };
  if (action.action === 'assign') {
    const { assignee, note } = action;
    const words = assignee === undefined ? 'to nobody' : `to ${assignee}`;
    const said = note === undefined ? words : `${words}: ${note}`;
    return { triage: tidyTriage({ ...triage, assignee }), kind: 'assigned', note: said };
  }
  const { reason } = action;
  const bare = { ...triage, acceptance: undefined, falsePositive: undefined };
  if (action.action === 'restore') {
    return { triage: tidyTriage({ ...bare, byTool: undefined }), kind: 'restored', note: reason };
  }
  const falsePositive = { reason, by, atMs };
  return { triage: tidyTriage({ ...bare, falsePositive }), kind: 'false-positive', note: reason };
}

function stateAfter(record: KnownRecord, triage: Triage, nowMs: number): FindingState {
  if (!record.present) return 'fixed';
  const { state } = record;
  const otherwise = state === 'new' || state === 'open' ? state : 'reopened';
  return stateOf(triage, otherwise, nowMs);
}

/** A record with other decisions: its state, its clock and its history follow. */
function rewrite(
  record: KnownRecord & { readonly scope: FindingScope },
  triage: Triage,
  level: ServiceLevel,
  nowMs: number,
  history: HistoryEntry,
): FindingWrite {
  const { exempt: _exempt, dueAtMs: _due, ...rest } = record;
  const stands = !record.present || isExempt(triage, nowMs);
  // Whatever it was that ended, the clock goes on from the moment at which it did.
  const endedAtMs = Math.min(record.triage.acceptance?.untilMs ?? nowMs, nowMs);
  const paused = pauseClock(triage, stands, stands ? nowMs : endedAtMs);
  const due = dueAt(record.clockStartedAtMs, record.severity, paused.pauses ?? [], level);
  return {
    ...rest,
    isNew: false,
    state: stateAfter(record, paused, nowMs),
    triage: paused,
    ...(due !== undefined && { dueAtMs: due }),
    history,
  };
}

/** What a decision changes. The action has passed {@link checkTriage}. */
export function applyTriage(
  record: KnownRecord & { readonly scope: FindingScope },
  action: TriageAction,
  { by, nowMs, level }: { by: string; nowMs: number; level: ServiceLevel },
): FindingWrite {
  const { triage, kind, note } = decide(record.triage, action, by, nowMs);
  return rewrite(record, triage, level, nowMs, { atMs: nowMs, by, kind, note });
}

/** An acceptance whose last moment has passed: the finding is open again. Undefined when it has not. */
export function endAcceptance(
  record: KnownRecord & { readonly scope: FindingScope },
  { by, nowMs, level }: { by: string; nowMs: number; level: ServiceLevel },
): FindingWrite | undefined {
  const { acceptance, ...rest } = record.triage;
  if (acceptance === undefined || acceptance.untilMs > nowMs) return undefined;
  const note = `accepted by ${acceptance.owner} until ${day(acceptance.untilMs)}: ${acceptance.reason}`;
  return rewrite(record, tidyTriage(rest), level, nowMs, { atMs: nowMs, by, kind: 'acceptance-ended', note });
}
