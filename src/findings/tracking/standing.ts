import type { ReportedFinding } from '../reported-finding.ts';
import { addPause, endPause } from './service-level.ts';
import type { FindingState, Triage } from './tracked-finding.ts';

/** A finding that is in the latest report: what people decided, or else where it stood. */
export function stateOf(
  triage: Triage,
  otherwise: Extract<FindingState, 'new' | 'open' | 'reopened'>,
  nowMs: number,
): FindingState {
  if (triage.falsePositive !== undefined) return 'false-positive';
  if (triage.acceptance !== undefined && triage.acceptance.untilMs > nowMs) return 'waived';
  if (triage.byTool !== undefined) return triage.byTool === 'accepted' ? 'waived' : 'false-positive';
  return otherwise;
}

/** Whether somebody decided to live with it. */
export function isExempt(triage: Triage, nowMs: number): boolean {
  return stateOf(triage, 'open', nowMs) !== 'open';
}

/** Triage without what is undefined, so that it is stored and compared in one form. */
export function tidyTriage(triage: { readonly [Key in keyof Triage]: Triage[Key] | undefined }): Triage {
  const { acceptance, falsePositive, assignee, byTool, pauses = [] } = triage;
  return {
    ...(acceptance !== undefined && { acceptance }),
    ...(falsePositive !== undefined && { falsePositive }),
    ...(assignee !== undefined && { assignee }),
    ...(byTool !== undefined && { byTool }),
    ...(pauses.length > 0 && { pauses }),
  };
}

/** The clock stands while a finding is exempt or fixed, and goes on where it stood. */
export function pauseClock(triage: Triage, stands: boolean, atMs: number): Triage {
  const { pauses = [] } = triage;
  const standing = pauses.some(({ toMs }) => toMs === undefined);
  if (standing === stands) return triage;
  return tidyTriage({
    ...triage,
    pauses: stands ? addPause(pauses, { fromMs: atMs }) : endPause(pauses, atMs),
  });
}

/** What the tool's decision means to us, when it counts. */
export function toolStanding(
  { decision }: Pick<ReportedFinding, 'decision'>,
  counts: boolean,
): Triage['byTool'] {
  if (decision === undefined || !counts || decision.state === 'fixed') return undefined;
  return decision.state === 'accepted' ? 'accepted' : 'false-positive';
}
