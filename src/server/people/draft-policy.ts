import { WorkloadIdentity } from '#identity/workload-identity.ts';
import { suggestPolicy } from '#policy/suggest.ts';
import { readStoryFor } from '../decision-story.ts';
import type { HandlersOf } from '../handler.ts';
import { RequestProblem } from '../request-problem.ts';
import type { PeopleServices } from './dependencies.ts';

/** From a run that was refused to the policy that would let it in: for the first one, and for every new one. */
export function createDraftHandlers({
  events,
  access,
}: Pick<PeopleServices, 'events' | 'access'>): HandlersOf<'draftPolicy'> {
  return {
    async draftPolicy({ params, caller }) {
      const [first] = await readStoryFor(events, params.id, caller.scope);
      const identity = WorkloadIdentity.safeParse(first.body['identity']);
      const { resource: name } = first;
      if (!identity.success || name === undefined) {
        throw new RequestProblem('request_invalid', 'No workload was recorded for this decision.', {
          remedy: 'Take one whose token was accepted, and that was not erased.',
        });
      }
      const configuration = access.configuration();
      const resource = configuration?.resources.get(name);
      const text = suggestPolicy({
        identity: identity.data,
        resource: { name, privileged: resource?.privileged ?? false },
        inspected: configuration?.posture !== undefined,
      });
      return {
        value: {
          decision: params.id,
          resource: name,
          resourceKnown: resource !== undefined,
          file: `policies/${fileNameOf(name)}.cedar`,
          text,
        },
      };
    },
  };
}

/** A job may ask for any name; a file has one of ours. */
function fileNameOf(resource: string): string {
  const plain = resource
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'first' : plain;
}
