import type { Reason } from './reasons.ts';

/** `waits`: somebody of the project has to say yes first. */
export type Passage = 'yes' | 'no' | 'maybe' | 'waits';

export interface EventRow {
  readonly event: string;
  /** By who makes the event happen, from the farthest to the nearest. */
  readonly passages: Readonly<Record<string, Passage>>;
}

/** Whether something that stands before a job or a step keeps out those whom nobody has looked at. */
export interface JudgedGuard {
  readonly subject: string;
  readonly place: string;
  /** As written; empty for an environment alone. */
  readonly condition: string;
  readonly environment: string | undefined;
  /** What is behind it. */
  readonly authority: string;
  /** Whom it is judged against: people without rights, or those who push what nobody has reviewed. */
  readonly against: 'strangers' | 'developers';
  /** For them: what the worst row says. */
  readonly verdict: Passage;
  readonly rows: readonly EventRow[];
  readonly reasons: readonly Reason[];
}

export const CONDITION_CHARS_MAX = 200;
export const NAME_CHARS_MAX = 80;

const PASSAGES: readonly Passage[] = ['no', 'waits', 'maybe', 'yes'];

/** The one that lets most through; `no` for none. */
export function worstPassage(all: readonly Passage[]): Passage {
  return all.reduce<Passage>(
    (worst, each) => (PASSAGES.indexOf(each) > PASSAGES.indexOf(worst) ? each : worst),
    'no',
  );
}

/** At most so many characters, with the sign that something is missing. */
export function shorten(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).toWellFormed()}…`;
}

/** The same words about the same part are said once. */
export function distinctReasons(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((each) => [`${each.part} ${each.why}`, each])).values()];
}
