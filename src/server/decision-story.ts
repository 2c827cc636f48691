import type { Decision, DecisionOutcome } from '#api/decision.ts';
import type { AuditEventType, RecordedEvent } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import { describeDecision } from '#audit/decision-index/describe-decision.ts';
import { PEOPLE_POLICIES_FOLDER } from '#broker/configuration/people-section.ts';
import { isId } from '#core/ids.ts';
import { isInScope, type RepositoryScope } from '#core/repository-scope.ts';
import { findPolicies } from '#policy/source/find-policies.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { eventView, leaseView } from './views.ts';

/** Four events end the story of most; a lease that is renewed for months still fits. */
const EVENTS_MAX = 1_000;

/** How it ended, from all that was recorded of it. */
export function outcomeOf(types: ReadonlySet<AuditEventType>): DecisionOutcome {
  if (types.has('decision.denied')) return 'denied';
  if (types.has('decision.issued') || types.has('credential.issued')) return 'issued';
  return types.has('credential.failed') ? 'failed' : 'allowed';
}

/** One answer for a decision that is not there, and for one that is not for the caller. */
export function unknownDecision(): RequestProblem {
  return new RequestProblem('decision_unknown', 'There is no decision with this id.');
}

export type Story = readonly [RecordedEvent, ...RecordedEvent[]];

/** All events of a decision in the order of recording. @throws {RequestProblem} `decision_unknown` */
export async function readStory(events: Pick<EventStore, 'list'>, id: string): Promise<Story> {
  if (!isId('dec', id)) throw unknownDecision();
  // Sequences start at 0 or later, and a lower bound makes the list oldest first.
  const [first, ...rest] = await events.list({ decision: id, afterSequence: -1, limit: EVENTS_MAX });
  if (first === undefined) throw unknownDecision();
  return [first, ...rest];
}

/** The same for a person: what is outside of their scope is not there. @throws {RequestProblem} */
export async function readStoryFor(
  events: Pick<EventStore, 'list'>,
  id: string,
  scope: RepositoryScope,
): Promise<Story> {
  const story = await readStory(events, id);
  if (!isInScope(scope, repositoryIn(story))) throw unknownDecision();
  return story;
}

function repositoryIn(story: Story): string | undefined {
  return describe(story)?.repository;
}

function describe(story: Story) {
  for (const event of story) {
    const described = describeDecision(event);
    if (described !== undefined) return described;
  }
  return undefined;
}

export function createStoryHandlers(
  deps: Pick<ServerDependencies, 'broker' | 'events' | 'configurations' | 'clock'>,
): HandlersOf<'getDecision'> {
  const { broker, events, configurations, clock } = deps;

  const policiesOf = async (
    ids: readonly string[],
    version: string | undefined,
  ): Promise<Decision['policies']> => {
    if (ids.length === 0 || version === undefined) return ids.map((id) => ({ id, text: null, file: null }));
    const files = (await configurations.configurationByPolicyVersion(version))?.files ?? {};
    const sources = Object.entries(files)
      .filter(([path]) => path.endsWith('.cedar') && !path.startsWith(`${PEOPLE_POLICIES_FOLDER}/`))
      .map(([path, text]) => ({ path, text }));
    const found = new Map(findPolicies(sources, ids).map((policy) => [policy.id, policy]));
    return ids.map((id) => ({ id, text: found.get(id)?.text ?? null, file: found.get(id)?.file ?? null }));
  };

  return {
    async getDecision({ params, caller }) {
      const { id } = params;
      const story = await readStoryFor(events, id, caller.scope);
      const described = describe(story);
      const [lease] = await broker.leases({ decision: id, limit: 1 });
      return {
        value: {
          id,
          outcome: outcomeOf(new Set(story.map((event) => event.type))),
          events: story.map(eventView),
          policies: await policiesOf(described?.policies ?? [], described?.policyVersion),
          policyVersion: described?.policyVersion ?? null,
          ...(lease === undefined ? {} : { lease: leaseView(lease, clock.nowMs()) }),
        },
      };
    },
  };
}
