import type { CheckName } from './checks/check.ts';

/** `high` gates: a form that nothing else has. `generic` advises: a name beside a value that looks random. */
export type SecretTier = 'high' | 'generic';

/** One form of secret, as plain data: readable, comparable, and sent to a thread as it is. */
export interface SecretRule {
  /** Behind `secret-`: `github-token`. */
  readonly id: string;
  /** What stands there, in lower case, without article: `personal access token of GitHub`. */
  readonly what: string;
  /** What gitleaks calls it, for its ignore files and comments. */
  readonly gitleaks: readonly string[];
  /** In lower case; one of them stands in or near every match, and is looked for whatever its case. */
  readonly keywords: readonly string[];
  /**
   * Source of a regular expression. The first group that took part is the secret. Every repetition is bounded, and two
   * that follow each other share no letter, so that hostile text costs no more than other text.
   */
  readonly pattern: string;
  /** Bytes before and behind a keyword that a match may take up. */
  readonly reach?: { readonly before: number; readonly behind: number };
  /** Bits per character; less is a pattern drawn by hand. */
  readonly entropyMin?: number;
  readonly check?: CheckName;
  readonly tier?: SecretTier;
  readonly severity?: 'critical' | 'high' | 'medium' | 'low';
  /** Where and how it is made worthless. */
  readonly revoke: string;
  /** What takes its place, so that there is nothing to leak. */
  readonly instead: string;
}

export const SECRET_RULE_PREFIX = 'secret-';
export const defaultReach = { before: 80, behind: 600 };
