import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { GitlabJob, Rules } from '#pipeline/gitlab/model.ts';
import { mayRunInMergeRequest } from '#pipeline/gitlab/read-pipeline.ts';
import { evaluateRules, mergeRequest } from '#pipeline/gitlab/situation.ts';

/** Whether rules let a job start that nobody starts by hand. */
function withoutManual(rules: Rules): Rules {
  if (rules.kind !== 'rules') return rules;
  const clauses = rules.clauses.map((clause) =>
    clause.when === 'manual' ? { ...clause, when: 'never' } : clause,
  );
  return { kind: 'rules', clauses };
}

function isAboutMergeRequests(node: ExpressionNode): boolean {
  return [...walkExpression(node)].some(
    (each) =>
      (each.kind === 'context' && each.name.startsWith('CI_MERGE_REQUEST_')) ||
      (each.kind === 'literal' && each.value === 'merge_request_event'),
  );
}

/** Rules that speak of merge requests; others let a job into them that nobody may have thought of there. */
function nameMergeRequests(rules: Rules): boolean {
  if (rules.kind === 'none') return false;
  if (rules.kind === 'legacy') return rules.only.includes('merge_requests');
  return rules.clauses.some(
    (clause) => clause.when !== 'never' && clause.if !== undefined && isAboutMergeRequests(clause.if),
  );
}

export interface MergeRequestRun {
  /** It starts there by itself, as far as anybody can tell. */
  readonly runs: boolean;
  /** The file says in words that it does. */
  readonly named: boolean;
}

/** Whether a job runs the unreviewed code of a merge request without anybody starting it. */
export function judgeMergeRequestRun(job: GitlabJob): MergeRequestRun {
  if (!mayRunInMergeRequest(job)) return { runs: false, named: false };
  const byHand = job.when === 'manual' || job.when === 'never';
  const truth = evaluateRules(withoutManual(job.rules), mergeRequest, 'true');
  const named = nameMergeRequests(job.rules) || nameMergeRequests(job.pipeline.rules);
  return { runs: !byHand && truth !== 'false', named: named && truth === 'true' };
}
