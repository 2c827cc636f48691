import type { Severity } from './severity.ts';

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  crit: 'critical',
  blocker: 'critical',
  emergency: 'critical',
  fatal: 'critical',
  urgent: 'critical',
  very_high: 'critical',
  high: 'high',
  important: 'high',
  error: 'high',
  major: 'high',
  severe: 'high',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  warn: 'medium',
  minor: 'low',
  low: 'low',
  note: 'low',
  notice: 'low',
  style: 'low',
  trivial: 'low',
  very_low: 'low',
  negligible: 'info',
  info: 'info',
  information: 'info',
  informational: 'info',
  none: 'info',
  ok: 'info',
  log: 'info',
};

/**
 * What a tool's word means, for the words on which the tools agree. A tool that means something else by one (Sonar's
 * `MAJOR`) has a table of its own.
 */
export function severityOfWord(word: string | undefined): Severity | undefined {
  const key = word
    ?.trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return key !== undefined && Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
}

/** Qualitative rating of CVSS v3.1 §5 and v4.0 §6: from 9.0 critical, 7.0 high, 4.0 medium, above 0 low. */
export function severityOfScore(score: number | undefined): Severity | undefined {
  if (score === undefined || score < 0 || score > 10) return undefined;
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}
