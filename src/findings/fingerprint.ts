import { hash } from 'node:crypto';

/** What of a finding does not change when lines are added, moved or indented. */
export interface FingerprintParts {
  readonly ruleId: string;
  readonly file: string;
  /** Names on the way to the place, without numbers: `jobs/build/steps/run`. */
  readonly structure: string;
  /** The text of the place. */
  readonly text: string;
}

const TEXT_CHARS_MAX = 2_000;

/** White space is layout, and letters of a comment behind a value are not part of it. */
export function normaliseText(text: string): string {
  return text.slice(0, TEXT_CHARS_MAX).replace(/\s+/g, ' ').trim();
}

/** The version stands in front, so that a better recipe can live beside this one. */
export function computeFingerprint(parts: FingerprintParts, occurrence: number): string {
  const text = JSON.stringify([
    parts.ruleId,
    parts.file,
    parts.structure,
    normaliseText(parts.text),
    occurrence,
  ]);
  return `v1:${hash('sha256', text, 'hex').slice(0, 32)}`;
}

/** Numbers equal parts in the order of the list, which has to be the order in the file. */
export function computeFingerprints(all: readonly FingerprintParts[]): string[] {
  const seen = new Map<string, number>();
  return all.map((parts) => {
    const first = computeFingerprint(parts, 0);
    const occurrence = seen.get(first) ?? 0;
    seen.set(first, occurrence + 1);
    return occurrence === 0 ? first : computeFingerprint(parts, occurrence);
  });
}
