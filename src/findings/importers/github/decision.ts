import { firstText, type JsonObject, textAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

/** Reasons of the three kinds of alerts, in one writing: `won't fix`, `WONT_FIX` and `wont_fix` are the same. */
const REASONS: Readonly<Record<string, ReportedDecision['state']>> = {
  false_positive: 'false-positive',
  inaccurate: 'false-positive',
  wont_fix: 'accepted',
  used_in_tests: 'accepted',
  tolerable_risk: 'accepted',
  no_bandwidth: 'accepted',
  fix_started: 'accepted',
  not_used: 'not-affected',
  revoked: 'fixed',
  fixed: 'fixed',
  auto_fixed: 'fixed',
};

function normalise(word: string): string {
  return word
    .slice(0, 100)
    .toLowerCase()
    .replaceAll("'", '')
    .replaceAll(/[\s-]+/g, '_');
}

function stateOf(words: readonly (string | undefined)[]): ReportedDecision['state'] | undefined {
  for (const word of words) {
    const key = word === undefined ? '' : normalise(word);
    const known = lookUp(REASONS, key);
    if (known !== undefined) return known;
    if (key === 'dismissed' || key === 'auto_dismissed') return 'accepted';
  }
  return undefined;
}

/** What somebody decided on an alert of GitHub, by REST or GraphQL. */
export function decisionOfAlert(alert: JsonObject): ReportedDecision | undefined {
  const reason = firstText(alert, ['dismissed_reason', 'dismissReason', 'resolution']);
  const dismissed = firstText(alert, ['dismissed_at', 'dismissedAt']) === undefined ? undefined : 'dismissed';
  const state = stateOf([reason, textAt(alert, 'state'), dismissed]);
  if (state === undefined) return undefined;
  const comment = firstText(alert, ['dismissed_comment', 'dismissComment', 'resolution_comment']);
  const by = textAt(alert, 'dismissed_by', 'login') ?? textAt(alert, 'resolved_by', 'login');
  const words = [reason, comment].filter((word) => word !== undefined).join(': ');
  return {
    state,
    ...(words === '' ? {} : { reason: words.slice(0, 2_000) }),
    ...(by === undefined ? {} : { by: by.slice(0, 200) }),
  };
}
