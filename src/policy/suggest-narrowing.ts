import { compilePolicies } from './compile-policies.ts';
import { addConditions, replacePolicy } from './edit-policy.ts';
import type { CompiledPolicy } from './engine/compiled-policy.ts';
import { type Narrowing, narrowPermit } from './narrow.ts';
import type { PolicySummary } from './problem.ts';
import type { PolicySet, RecordedUse } from './recorded-use.ts';
import { POSTURE_CONDITION } from './suggest.ts';
import {
  type ChangeSuggestion,
  confidenceOf,
  daysOf,
  type SourceFinder,
  type SuggestionInput,
} from './suggestion.ts';
import { policiesOfUse } from './uses-by-policy.ts';

/** Fewer runs than these say nothing of what a permit is for. */
const NARROW_RUNS_MIN = 3;
const INCOMPLETE =
  'There are more kinds of run than were looked at: those seen least recently are not among them.';
const UNINSPECTED =
  'Nobody asked for the posture of these runs, so nobody can say who would lose access: look at their pipelines first.';

/** A suggestion that was not tried yet. */
export interface NarrowingDraft {
  suggestion: ChangeSuggestion;
  policyId: string;
  /** The narrowed policy alone. */
  text: string;
  uses: readonly RecordedUse[];
}

export function draftNarrowing(
  input: SuggestionInput,
  summary: PolicySummary,
  policy: CompiledPolicy,
  uses: readonly RecordedUse[],
  find: SourceFinder,
): NarrowingDraft | undefined {
  const runs = uses.reduce((sum, { allowed }) => sum + allowed, 0);
  if (runs < NARROW_RUNS_MIN) return undefined;
  const used = uses.filter(({ allowed }) => allowed > 0);
  const narrowings = narrowPermit(policy, used, input.set);
  const found = find(summary);
  if (narrowings.length === 0 || found === undefined) return undefined;
  const { file, source } = found;
  const text = addConditions(
    source,
    narrowings.map(({ condition }) => condition),
  );
  const days = daysOf(used);
  const suggestion: ChangeSuggestion = {
    id: `narrow:${summary.id}`,
    kind: 'narrow',
    title: `Narrow ${summary.id} to what used it`,
    detail: `Every one of ${runs} runs in ${input.days} days had: ${listOf(narrowings)}. The policy demands none of it yet.`,
    policy: summary.id,
    resource: summary.resource,
    caution: input.complete ? undefined : INCOMPLETE,
    confidence: confidenceOf(runs, days),
    seen: { runs, days },
    changes: { [file.path]: replacePolicy(file, source, text) },
    gain: 0,
    unclear: 0,
  };
  return { suggestion, policyId: summary.id, text, uses: used };
}

/**
 * Those that compile and lose nobody. Tried together, which costs a fraction; one by one only when some do not compile.
 * A narrowed policy is tried without the others: they stay as they are, so whom it still lets through loses nothing.
 */
export async function keepSound(
  input: SuggestionInput,
  drafts: readonly NarrowingDraft[],
): Promise<ChangeSuggestion[]> {
  if (drafts.length === 0) return [];
  const resources = [...input.set.resources.values()];
  const text = drafts.map((draft) => draft.text).join('\n');
  const compiled = await compilePolicies([{ path: 'narrowed.cedar', text }], resources, input.compileOptions);
  if (compiled.ok) {
    const narrowed: PolicySet = { ...input.set, engine: compiled.engine };
    return drafts
      .filter(({ policyId, uses }) => uses.every((use) => policiesOfUse(use, narrowed).includes(policyId)))
      .map(({ suggestion }) => suggestion);
  }
  if (drafts.length === 1) return [];
  const kept = [];
  for (const draft of drafts) kept.push(...(await keepSound(input, [draft])));
  return kept;
}

function listOf(narrowings: readonly Narrowing[]): string {
  return narrowings.map(({ says }) => says).join(' · ');
}

/**
 * A permit for something that hurts, where pipelines are inspected, and it takes any of them. What a posture would have
 * been is known only of runs for which another policy asked: of the others nobody can say, and the suggestion says so.
 */
export function draftPostureDemand(
  input: SuggestionInput,
  summary: PolicySummary,
  policy: CompiledPolicy,
  uses: readonly RecordedUse[],
  find: SourceFinder,
): NarrowingDraft | undefined {
  const { resource } = summary;
  if (!input.inspected || policy.readsPosture || resource === undefined || uses.length === 0)
    return undefined;
  if (input.set.resources.get(resource)?.privileged !== true || isGuarded(input.set, resource))
    return undefined;
  // Somebody would lose it for sure: that is for the owner of that pipeline first.
  const known = uses.filter(({ posture }) => posture !== undefined);
  if (!known.every(({ posture }) => posture?.known === true && posture.posture.grade === 'pass'))
    return undefined;
  const found = find(summary);
  if (found === undefined) return undefined;
  const { file, source } = found;
  const text = addConditions(source, [POSTURE_CONDITION]);
  const unclear = uses.length - known.length;
  const runs = uses.reduce((sum, { allowed }) => sum + allowed, 0);
  const suggestion: ChangeSuggestion = {
    id: `posture:${summary.id}`,
    kind: 'narrow',
    title: `Let ${summary.id} demand a pipeline that passes inspection`,
    detail: `${resource} is privileged and pipelines are inspected here, but this permit takes any pipeline.`,
    policy: summary.id,
    resource,
    caution: unclear === 0 ? undefined : UNINSPECTED,
    confidence: unclear === 0 ? confidenceOf(runs, daysOf(uses)) : 'low',
    seen: { runs, days: daysOf(uses) },
    changes: { [file.path]: replacePolicy(file, source, text) },
    gain: 0,
    unclear,
  };
  // Whom it would lose was looked at above: without a posture it lets nobody through, as it must.
  return { suggestion, policyId: summary.id, text, uses: [] };
}

/** A forbid looks at the posture already. */
function isGuarded({ engine }: PolicySet, resource: string): boolean {
  return engine.policies.some(
    ({ effect, readsPosture, resource: scope }) =>
      effect === 'forbid' && readsPosture && (scope.entity?.id ?? resource) === resource,
  );
}
