import { setImmediate } from 'node:timers/promises';
import { describeWorkload, orgEntityId, projectEntityId } from '#identity/principal.ts';
import { createSourceFinder, removePolicies } from './edit-policy.ts';
import type { PolicySummary } from './problem.ts';
import { judgeUse } from './replay.ts';
import type { RecordedUse } from './recorded-use.ts';
import { suggestPolicy } from './suggest.ts';
import { draftNarrowing, draftPostureDemand, keepSound, type NarrowingDraft } from './suggest-narrowing.ts';
import {
  type ChangeSuggestion,
  confidenceOf,
  daysOf,
  type SourceFinder,
  type SuggestionInput,
} from './suggestion.ts';
import { usesByPolicy } from './uses-by-policy.ts';

const DENIED_RUNS_MIN = 3;
/** A record shorter than this has not seen a week's jobs yet. */
const UNUSED_DAYS_MIN = 7;
const UNUSED_DAYS_SURE = 21;
const SUGGESTIONS_MAX = 200;

/** Least privilege from use. Every suggestion was tried: it compiles, and nobody who ran loses access. */
export async function suggestChanges(
  input: SuggestionInput,
): Promise<{ suggestions: ChangeSuggestion[]; omitted: number }> {
  const found: ChangeSuggestion[] = [];
  const byId = new Map(input.set.engine.policies.map((policy) => [policy.id, policy]));
  const applying = await usesByPolicy(input.uses, input.set);
  const known = new Set(input.uses.flatMap(({ determining }) => determining));
  const find = createSourceFinder(input.files);
  const drafts: NarrowingDraft[] = [];
  for (const summary of input.policies) {
    await setImmediate();
    const policy = byId.get(summary.id);
    if (policy?.effect !== 'permit') continue;
    const uses = applying.get(summary.id) ?? [];
    if (uses.length === 0 && !known.has(summary.id)) {
      const removal = suggestRemoval(input, summary, find);
      if (removal !== undefined) found.push(removal);
    } else {
      for (const draft of [draftNarrowing, draftPostureDemand]) {
        const drafted = draft(input, summary, policy, uses, find);
        if (drafted !== undefined) drafts.push(drafted);
      }
    }
  }
  // Two drafts of one policy have one name, so each kind is tried by itself.
  const [narrowed, demanding] = [drafts.filter(isNarrowing), drafts.filter((draft) => !isNarrowing(draft))];
  found.push(...(await keepSound(input, narrowed)), ...(await keepSound(input, demanding)));
  found.push(...suggestUnusedResources(input), ...suggestPermits(input));
  const order = ['narrow', 'denied-often', 'unused-policy', 'unused-resource'];
  found.sort(
    (left, right) => order.indexOf(left.kind) - order.indexOf(right.kind) || right.seen.runs - left.seen.runs,
  );
  return {
    suggestions: found.slice(0, SUGGESTIONS_MAX),
    omitted: Math.max(0, found.length - SUGGESTIONS_MAX),
  };
}

function isNarrowing({ suggestion }: NarrowingDraft): boolean {
  return suggestion.id.startsWith('narrow:');
}

function suggestRemoval(
  input: SuggestionInput,
  summary: PolicySummary,
  find: SourceFinder,
): ChangeSuggestion | undefined {
  if (input.days < UNUSED_DAYS_MIN || !input.complete) return undefined;
  const found = find(summary);
  if (found === undefined) return undefined;
  const { file, source } = found;
  return {
    id: `unused-policy:${summary.id}`,
    kind: 'unused-policy',
    title: `Remove ${summary.id}: nobody used it`,
    detail: `No recorded run of the last ${input.days} days was let through by it.`,
    policy: summary.id,
    resource: summary.resource,
    caution: 'Jobs that run once a quarter, or only in an emergency, leave no trace in a month.',
    confidence: input.days >= UNUSED_DAYS_SURE ? 'medium' : 'low',
    seen: { runs: 0, days: input.days },
    changes: { [file.path]: removePolicies(file, [source]) ?? null },
    gain: 0,
    unclear: 0,
  };
}

function suggestUnusedResources(input: SuggestionInput): ChangeSuggestion[] {
  if (input.days < UNUSED_DAYS_MIN || !input.complete) return [];
  const asked = new Set(input.uses.map(({ resource }) => resource));
  return [...input.set.resources.values()]
    .filter(({ name }) => !asked.has(name))
    .map(({ name, privileged }) => ({
      id: `unused-resource:${name}`,
      kind: 'unused-resource' as const,
      title: `Nobody asked for ${name}`,
      detail: `No job asked for it in ${input.days} days. Take it, its policies and the account behind it away, or leave it if it is for emergencies.`,
      policy: undefined,
      resource: name,
      caution: privileged
        ? 'It is privileged: an account that nobody uses is one that nobody watches.'
        : undefined,
      confidence: input.days >= UNUSED_DAYS_SURE ? ('medium' as const) : ('low' as const),
      seen: { runs: 0, days: input.days },
      changes: undefined,
      gain: 0,
      unclear: 0,
    }));
}

/**
 * A permit for jobs that ask in vain, again and again. Never for the code of a fork, for a shell, or for a stranger:
 * whoever can start jobs on a public platform could ask until somebody clicks.
 */
function suggestPermits(input: SuggestionInput): ChangeSuggestion[] {
  const familiar = new Set(
    input.uses
      .filter(({ allowed }) => allowed > 0)
      .flatMap(({ identity }) => [orgEntityId(identity), projectEntityId(identity)]),
  );
  familiar.delete(undefined);
  const isFamiliar = ({ identity }: RecordedUse) =>
    [orgEntityId(identity), projectEntityId(identity)].some((id) => id !== undefined && familiar.has(id));
  const seen = new Set<string>();
  return input.uses.flatMap((use) => {
    const { identity, denied } = use;
    if (denied < DENIED_RUNS_MIN || identity.forked === true || identity.interactive === true) return [];
    if (!isFamiliar(use)) return [];
    const verdict = judgeUse(use, input.set);
    if (verdict.outcome !== 'denied' || verdict.reason !== 'no_permit') return [];
    const suggestion = draftPermit(input, use);
    if (suggestion === undefined || seen.has(suggestion.id)) return [];
    seen.add(suggestion.id);
    return [suggestion];
  });
}

function draftPermit(input: SuggestionInput, use: RecordedUse): ChangeSuggestion | undefined {
  const resource = input.set.resources.get(use.resource);
  if (resource === undefined) return undefined;
  const draft = suggestPolicy({ identity: use.identity, resource, inspected: input.inspected });
  const id = /@id\("([^"]+)"\)/.exec(draft)?.[1];
  if (id === undefined) return undefined;
  const free = freeId(id, new Set(input.policies.map((policy) => policy.id)));
  const path = `${input.policiesFolder}/${use.resource}.cedar`;
  const before = input.files[path];
  const policy = draft.replace(`@id("${id}")`, `@id("${free}")`);
  const days = daysOf([use]);
  return {
    id: `denied-often:${free}`,
    kind: 'denied-often',
    title: `${describeWorkload(use.identity)} asks for ${use.resource} in vain`,
    detail: `Denied ${use.denied} times in ${input.days} days, as no policy names it. This permit would fit it and no other.`,
    policy: undefined,
    resource: use.resource,
    caution: 'A job that asks is no reason to give: find out first what it needs this for.',
    confidence: confidenceOf(use.denied, days),
    seen: { runs: use.denied, days },
    changes: { [path]: before === undefined ? policy : `${before.trimEnd()}\n\n${policy}` },
    gain: 1,
    unclear: 0,
  };
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number += 1) free = `${id}-${number}`;
  return free;
}
