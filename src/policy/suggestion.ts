import type { CompileOptions } from './compile-policies.ts';
import type { createSourceFinder } from './edit-policy.ts';
import type { PolicySummary } from './problem.ts';
import type { PolicySet, RecordedUse } from './recorded-use.ts';

const DAY_MS = 86_400_000;

export type SuggestionKind = 'narrow' | 'unused-policy' | 'unused-resource' | 'denied-often';

export interface ChangeSuggestion {
  /** Stable for the same thing: kind and what it is about. */
  id: string;
  kind: SuggestionKind;
  title: string;
  detail: string;
  policy: string | undefined;
  resource: string | undefined;
  caution: string | undefined;
  confidence: 'low' | 'medium' | 'high';
  seen: { runs: number; days: number };
  /** Path to new text, null to take the file away; undefined for advice. */
  changes: Readonly<Record<string, string | null>> | undefined;
  /** Kinds of run that it would let through, and of which nobody can say; nobody else is hit. */
  gain: number;
  unclear: number;
}

export interface SuggestionInput {
  set: PolicySet;
  policies: readonly PolicySummary[];
  files: Readonly<Record<string, string>>;
  policiesFolder: string;
  uses: readonly RecordedUse[];
  /** Days that the record covers, at most as many as were looked at. */
  days: number;
  /** False when there were more kinds of run than were looked at: then nothing is known to be unused. */
  complete: boolean;
  inspected: boolean;
  compileOptions: CompileOptions;
}

export type SourceFinder = ReturnType<typeof createSourceFinder>;

/** From the first to the last of them, at least one. */
export function daysOf(uses: readonly RecordedUse[]): number {
  if (uses.length === 0) return 0;
  const first = Math.min(...uses.map(({ firstMs }) => firstMs));
  const last = Math.max(...uses.map(({ lastMs }) => lastMs));
  return Math.max(1, Math.ceil((last - first) / DAY_MS));
}

export function confidenceOf(runs: number, days: number): ChangeSuggestion['confidence'] {
  if (runs >= 50 && days >= 14) return 'high';
  return runs >= 10 && days >= 5 ? 'medium' : 'low';
}
