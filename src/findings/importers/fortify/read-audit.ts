import type { ReportedDecision } from '../../reported-finding.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';

/** What auditors decided, by the id of the instance. */
export interface Audit {
  readonly decisions: ReadonlyMap<string, ReportedDecision>;
  readonly exploitable: ReadonlySet<string>;
}

export const noAudit: Audit = { decisions: new Map(), exploitable: new Set() };

/** Values of the tag "Analysis" as Fortify ships it; teams may add others, which say nothing to us. */
const NOT_AN_ISSUE = /^(?:not an issue|false positive)$/i;

export function decisionOfAnalysis(
  analysis: readonly string[],
  suppressed: boolean,
  comment?: { readonly text?: string | undefined; readonly by?: string | undefined },
): ReportedDecision | undefined {
  const isFalse = analysis.some((value) => NOT_AN_ISSUE.test(value));
  if (!isFalse && !suppressed) return undefined;
  return {
    state: isFalse ? 'false-positive' : 'accepted',
    reason: comment?.text ?? (suppressed ? 'suppressed in Fortify' : 'analysed in Fortify'),
    ...(comment?.by === undefined ? {} : { by: comment.by }),
  };
}

/** Reads an `audit.xml`: suppressions, tags and comments. */
export function readAudit(audit: XmlElement): Audit {
  const decisions = new Map<string, ReportedDecision>();
  const exploitable = new Set<string>();
  for (const issue of elementsOf(elementAt(audit, 'IssueList'), 'Issue')) {
    const id = issue.attributes['instanceId'];
    if (id === undefined) continue;
    const analysis = elementsOf(issue, 'Tag').flatMap((tag) => textAt(tag, 'Value') ?? []);
    const comment = elementsOf(elementAt(issue, 'ThreadedComments'), 'Comment')[0];
    const decision = decisionOfAnalysis(analysis, issue.attributes['suppressed'] === 'true', {
      text: textAt(comment, 'Content')?.slice(0, 2_000),
      by: textAt(comment, 'Username')?.slice(0, 200),
    });
    if (decision !== undefined) decisions.set(id, decision);
    if (analysis.some((value) => /^exploitable$/i.test(value))) exploitable.add(id);
  }
  return { decisions, exploitable };
}
