import { judgeAuthority } from '#people/authority.ts';
import { createAdmission } from '../admission.ts';
import type { ServerDependencies } from '../dependencies.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { createCheckHandlers } from './check.ts';
import { createFreezeHandlers } from './freezes.ts';
import { createAccessOverviewHandlers } from './overviews.ts';
import { createPolicySchemaHandlers } from './policy-schema.ts';
import { createProposalHandlers } from './proposals.ts';
import { createReplayHandlers } from './replay.ts';
import { createSuggestionHandlers } from './suggestions.ts';

/** At once; each takes up to a second or two of one core, in slices. */
const REPLAYS_MAX = 2;
/** Editors check after each pause in typing. */
const CHECKS_MAX = 4;

/** Everything about who may have what: reading, trying out, changing, stopping. */
export function createAccessHandlers({
  access,
  people,
  broker,
  clock,
}: Pick<ServerDependencies, 'access' | 'people' | 'broker' | 'clock'>): HandlersOf<
  | keyof ReturnType<typeof createProposalHandlers>
  | keyof ReturnType<typeof createAccessOverviewHandlers>
  | keyof ReturnType<typeof createFreezeHandlers>
  | 'checkPolicies'
  | 'replayPolicies'
  | 'getPolicySchema'
  | 'listSuggestions'
> {
  const admission = createAdmission(REPLAYS_MAX);
  const mayAdminister = async (person: Person): Promise<boolean> =>
    judgeAuthority(await people.inForce(), person, 'administer', person.bounds).scope?.kind === 'all';
  return {
    ...createProposalHandlers(access, mayAdminister),
    ...createCheckHandlers(access, createAdmission(CHECKS_MAX)),
    ...createReplayHandlers(access, admission),
    ...createPolicySchemaHandlers(access),
    ...createSuggestionHandlers(access, admission, clock),
    ...createAccessOverviewHandlers(access, broker),
    ...createFreezeHandlers(access, { broker, clock }),
  };
}
