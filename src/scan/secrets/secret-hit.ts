import type { Suppression } from '#findings/finding.ts';
import type { SecretTier } from './rule.ts';

export interface HitPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** From 0, in UTF-16 code units. */
  readonly offset: number;
}

/**
 * A secret at a place. Everything but `value` may be shown; `value` stays in memory, and is there so that equal secrets
 * are known as equal and every report can be searched for it.
 */
export interface SecretHit {
  readonly ruleId: string;
  readonly tier: SecretTier;
  readonly value: string;
  /** As people may see it: `ghp_…`. */
  readonly shown: string;
  /** A few bits of it, for the fingerprint. */
  readonly digest: string;
  readonly start: HitPosition;
  readonly end: HitPosition;
  /** Where the whole match begins, from 1: other tools count from there. */
  readonly matchLine: number;
  /** The first line of it, with every secret in it masked; of the same length. */
  readonly excerpt: string;
  /** It stood in base64 in the file. */
  readonly wrapped: boolean;
  /** It stands in a test, an example or a page of documentation. */
  readonly inTest: boolean;
  /** Whether a tokenizer has a say. */
  readonly weighed: boolean;
  /** A comment at the place lets it stand. */
  readonly allowed?: Suppression;
}
