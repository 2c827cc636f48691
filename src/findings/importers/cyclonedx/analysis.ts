import { textAt, textsAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

type State = ReportedDecision['state'];

/** CycloneDX `impactAnalysisState`; `exploitable` and `in_triage` decide nothing. */
const STATES: Readonly<Record<string, State>> = {
  not_affected: 'not-affected',
  false_positive: 'false-positive',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
};

function stateOf(analysis: unknown): State | undefined {
  const state = textAt(analysis, 'state') ?? '';
  const decided = lookUp(STATES, state);
  if (decided !== undefined) return decided;
  const responses = textsAt(analysis, 'response');
  return state === 'exploitable' && responses.includes('will_not_fix') ? 'accepted' : undefined;
}

/** What a VEX analysis decides. */
export function decisionOfAnalysis(analysis: unknown): ReportedDecision | undefined {
  const state = stateOf(analysis);
  if (state === undefined) return undefined;
  const reason = [textAt(analysis, 'justification'), textAt(analysis, 'detail')]
    .filter((text) => text !== undefined)
    .join(': ')
    .slice(0, 2_000);
  return reason === '' ? { state } : { state, reason };
}
