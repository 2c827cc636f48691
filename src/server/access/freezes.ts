import type { FreezeTarget } from '#broker/freeze/freeze.ts';
import type { Clock } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { projectEntityId } from '#identity/principal.ts';
import type { Broker } from '#broker/broker.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { HandlersOf } from '../handler.ts';
import { RequestProblem } from '../request-problem.ts';
import { type AccessDependencies, requireWholeScope } from './access-dependencies.ts';
import { freezeView } from './use-views.ts';
import { endLeasesUnder } from './end-frozen-leases.ts';

/** The longest that a lease lives, with much to spare. */
const LEASE_DAYS = 30;

function checkTarget(target: FreezeTarget, configuration: Configuration | undefined): void {
  const isKnown =
    target.kind === 'resource'
      ? configuration?.resources.has(target.name)
      : target.kind === 'identityProvider'
        ? configuration?.identityProviders.some(({ name }) => name === target.name)
        : true;
  // A stop that stops nothing, for a slip of the pen, is worse than none.
  if (isKnown === false) {
    throw new RequestProblem('freeze_target_unknown', 'The configuration in force has nothing of this name.');
  }
}

export function createFreezeHandlers(
  deps: AccessDependencies,
  { broker, clock }: { broker: Broker; clock: Clock },
): HandlersOf<'listFreezes' | 'createFreeze' | 'liftFreeze'> {
  const { freezes } = deps;

  const untilOf = (until: string | undefined): number | undefined => {
    if (until === undefined) return undefined;
    const untilMs = Date.parse(until);
    if (untilMs > clock.nowMs()) return untilMs;
    throw new RequestProblem('request_invalid', '`until` is past already.');
  };

  /** Leases know repositories by name: those that were seen under a frozen id. */
  const pathsOf = async (target: FreezeTarget): Promise<string[]> => {
    if (target.kind !== 'repository') return [];
    const { uses } = await deps.uses.read(ALL_REPOSITORIES, LEASE_DAYS);
    const named = uses.filter(({ identity }) => projectEntityId(identity) === target.name);
    return [...new Set(named.flatMap(({ identity }) => identity.project?.path ?? []))];
  };

  return {
    async listFreezes() {
      return { value: { freezes: (await freezes.list()).map(freezeView) } };
    },
    async createFreeze({ body, caller }) {
      requireWholeScope(caller);
      const { target, reason, until, endLeases } = body;
      checkTarget(target, deps.configuration());
      const freeze = await freezes.freeze({ target, reason, untilMs: untilOf(until) }, caller.subject);
      // Frozen first: what is issued between the two would outlive it.
      const leases = endLeases
        ? await endLeasesUnder(target, broker, caller.subject, await pathsOf(target))
        : undefined;
      return { value: { ...freezeView(freeze), leases: leases ?? null } };
    },
    async liftFreeze({ params, caller }) {
      requireWholeScope(caller);
      const lifted = isId('frz', params.id) ? await freezes.lift(params.id, caller.subject) : undefined;
      if (lifted === undefined) {
        throw new RequestProblem('freeze_unknown', 'Nothing is frozen under this id.');
      }
      return { value: freezeView(lifted) };
    },
  };
}
