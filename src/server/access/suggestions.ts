import type { Suggestion, SuggestionList } from '#api/access-use.ts';
import { compileOptionsOf, policySetOf } from '#broker/access-use/policy-set.ts';
import type { RecordedUses } from '#broker/access-use/use-source.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { Clock } from '#core/clock.ts';
import { suggestChanges } from '#policy/suggest-changes.ts';
import type { ChangeSuggestion } from '#policy/suggestion.ts';
import type { Admission } from '../admission.ts';
import type { HandlersOf } from '../handler.ts';
import { type AccessDependencies, requireConfiguration, requireWholeScope } from './access-dependencies.ts';
import { admitted } from './admitted.ts';

const DAYS = 30;
const KEPT_MS = 60_000;

function suggestionView(suggestion: ChangeSuggestion, recorded: RecordedUses): Suggestion {
  const { policy, resource, caution, changes, gain, unclear, ...rest } = suggestion;
  const runs = recorded.uses.reduce((sum, { allowed, denied }) => sum + allowed + denied, 0);
  return {
    ...rest,
    policy: policy ?? null,
    resource: resource ?? null,
    caution: caution ?? null,
    changes: changes === undefined ? null : { ...changes },
    replay: changes === undefined ? null : { days: recorded.days, runs, lose: 0, gain, unclear },
  };
}

export function createSuggestionHandlers(
  deps: AccessDependencies,
  admission: Admission,
  clock: Clock,
): HandlersOf<'listSuggestions'> {
  /** What use says of policies does not change from one minute to the next. */
  let kept: { atMs: number; digest: string; list: Promise<SuggestionList> } | undefined;

  const suggest = async (current: Configuration, recorded: RecordedUses): Promise<SuggestionList> => {
    const { suggestions, omitted } = await suggestChanges({
      set: policySetOf(current),
      policies: current.policies,
      files: current.files,
      policiesFolder: current.policiesFolder,
      uses: recorded.uses,
      days: recorded.daysSeen,
      complete: !recorded.isCut,
      inspected: current.posture !== undefined,
      compileOptions: compileOptionsOf(current),
    });
    return {
      digest: current.digest,
      days: recorded.daysSeen,
      suggestions: suggestions.map((suggestion) => suggestionView(suggestion, recorded)),
      omitted,
    };
  };

  return {
    async listSuggestions({ caller }) {
      requireWholeScope(caller);
      const current = requireConfiguration(deps);
      const nowMs = clock.nowMs();
      if (kept?.digest !== current.digest || nowMs - kept.atMs >= KEPT_MS) {
        const list = admitted(admission, async () =>
          suggest(current, await deps.uses.read(caller.scope, DAYS)),
        );
        kept = { atMs: nowMs, digest: current.digest, list };
        list.catch(() => (kept = undefined));
      }
      return { value: await kept.list };
    },
  };
}
