import { replayChange } from '#broker/access-use/replay-change.ts';
import type { Admission } from '../admission.ts';
import type { HandlersOf } from '../handler.ts';
import { momentOf } from '../views.ts';
import { type AccessDependencies, requireConfiguration, requireWholeScope } from './access-dependencies.ts';
import { admitted } from './admitted.ts';
import { loadChanged } from './check.ts';
import { replayedUseView } from './use-views.ts';

/** Of each list; the counts are of all. */
const LISTED_MAX = 200;

export function createReplayHandlers(
  deps: AccessDependencies,
  admission: Admission,
): HandlersOf<'replayPolicies'> {
  return {
    replayPolicies: ({ body, caller }) => {
      requireWholeScope(caller);
      const current = requireConfiguration(deps);
      return admitted(admission, async () => {
        const after = await loadChanged(deps, current, body.changes);
        const recorded = await deps.uses.read(caller.scope, body.days);
        const replay = await replayChange(recorded, current, after);
        const lists = [replay.lose, replay.gain, replay.unclear];
        const [lose = [], gain = [], unclear = []] = lists.map((list) =>
          list.slice(0, LISTED_MAX).map(replayedUseView),
        );
        const { unreadable, unverified } = recorded;
        return {
          value: {
            from: momentOf(recorded.fromMs),
            days: recorded.days,
            runs: replay.runs,
            kinds: recorded.uses.length,
            lose,
            gain,
            unclear,
            unchanged: replay.unchanged,
            omitted: lists.reduce((sum, list) => sum + Math.max(0, list.length - LISTED_MAX), 0),
            erased: recorded.erased,
            notReplayed: { unreadable, unverified, isCut: recorded.isCut },
            notes: [...replay.notes],
          },
        };
      });
    },
  };
}
