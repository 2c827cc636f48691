import type { Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Hop } from '#pipeline/taint.ts';
import type { Foothold } from './crossing.ts';
import type { Entry } from './entries.ts';

/** Workflows that a pull request of a fork runs as it wrote them, without rights. */
function ofPullRequests({ pipelines }: Repository): Foothold[] {
  return pipelines.flatMap((root: Pipeline): Foothold[] => {
    const trigger = root.triggers.find(({ event }) => event === 'pull_request');
    if (root.platform !== 'github' || root.kind !== 'workflow' || trigger === undefined) return [];
    const first: Hop = {
      label: 'pull_request: anybody writes this workflow anew in a fork; their first run has to be approved',
      source: root.source,
      span: trigger.node,
    };
    return [
      { root, job: undefined, event: trigger.event, complexity: 'medium', certain: true, way: [first] },
    ];
  });
}

/** Code that comes in and is not seen to run leads nowhere by itself. */
function runsSomething({ finding: { ruleId, confidence } }: Entry): boolean {
  return ruleId !== 'untrusted-checkout' || confidence === 'high';
}

/** Where outsiders run code: their own versions of workflows, and what other rules found. */
export function listFootholds(entries: readonly Entry[], repository: Repository): Foothold[] {
  const found = entries.filter(runsSomething).map(
    ({ finding, site, open, cause, way }): Foothold => ({
      root: site.root,
      job: site.job,
      event: open.trigger.event,
      complexity: cause.complexity,
      certain: finding.confidence === 'high',
      way,
    }),
  );
  // One way into each job is enough to follow.
  const first = new Map(found.toReversed().map((foothold) => [foothold.job, foothold]));
  return [...ofPullRequests(repository), ...first.values()];
}
