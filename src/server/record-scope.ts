import type { DecisionIndex } from '#audit/decision-index/ports.ts';
import { describeDecision } from '#audit/decision-index/describe-decision.ts';
import type { RecordedEvent } from '#audit/event.ts';
import { isInScope, type RepositoryScope } from '#core/repository-scope.ts';

/**
 * Those events that somebody may see. An event belongs to the repository of its decision; what belongs to none, such as
 * a session or a change of the configuration, is for those who see all.
 */
export async function eventsInScope<Item extends RecordedEvent>(
  events: readonly Item[],
  scope: RepositoryScope,
  index: Pick<DecisionIndex, 'repositoriesOf'>,
): Promise<readonly Item[]> {
  if (scope.kind === 'all') return events;
  const ids = [...new Set(events.flatMap(({ decision }) => decision ?? []))];
  const repositories = await index.repositoriesOf(ids);
  return events.filter((event) => {
    const own = describeDecision(event)?.repository;
    return isInScope(scope, own ?? repositories.get(event.decision ?? ''));
  });
}
