import type { Confidence, Severity } from '../severity.ts';
import type { PriorityWeights } from './priority-weights.ts';

/** Who can get at it. */
export type Exposure =
  /** Reached by a scanner from outside. */
  | 'confirmed'
  | 'internet'
  | 'unknown'
  /** Part of the build, not of what runs. */
  | 'development'
  | 'test';

/** What somebody gets who runs code in the pipeline of the repository. */
export type Reach = 'production' | 'credentials' | 'none' | 'unknown';

export interface PriorityFacts {
  readonly severity: Severity;
  readonly confidence: Confidence | undefined;
  readonly verified: boolean;
  readonly exploited: boolean;
  /** 0–1; undefined when not known. */
  readonly epss: number | undefined;
  readonly exposure: Exposure;
  readonly reach: Reach;
}

/** One factor of the product, and why it is what it is. */
export interface PriorityFactor {
  readonly name: 'severity' | 'confidence' | 'exploitability' | 'exposure' | 'reach';
  /** Points for `severity`, a factor for the others. */
  readonly value: number;
  readonly because: string;
}

/** `now` from 75, `soon` from 45, `planned` from 20. */
export type PriorityBand = 'now' | 'soon' | 'planned' | 'later';

export interface Priority {
  /** 0–100, whole. */
  readonly score: number;
  readonly band: PriorityBand;
  readonly factors: readonly PriorityFactor[];
}

const EXPOSURES: Readonly<Record<Exposure, string>> = {
  confirmed: 'it was reached from outside',
  internet: 'it faces the internet',
  unknown: 'nobody said who can get at it',
  development: 'it is part of the build, not of what runs',
  test: 'it is part of the tests',
};

const REACHES: Readonly<Record<Reach, string>> = {
  production: 'the pipelines of this repository reach production',
  credentials: 'the pipelines of this repository hold credentials',
  none: 'the pipelines of this repository hold no credentials',
  unknown: 'it is not known what the pipelines of this repository reach',
};

function exploitabilityOf(facts: PriorityFacts, weights: PriorityWeights['exploitability']): PriorityFactor {
  const name = 'exploitability';
  const known: PriorityFactor[] = [];
  if (facts.verified) known.push({ name, value: weights.verified, because: 'it was tried, and works' });
  if (facts.exploited) known.push({ name, value: weights.exploited, because: 'it is being exploited' });
  if (facts.epss !== undefined) {
    const percent = (facts.epss * 100).toFixed(1);
    const because = `EPSS gives ${percent} % for an exploit within 30 days`;
    known.push({ name, value: 1 + weights.epssShare * facts.epss, because });
  }
  // The strongest sign counts, not their product: all three often stand for the same exploit.
  const [strongest] = known.toSorted((left, right) => right.value - left.value);
  return strongest ?? { name, value: 1, because: 'no exploit is known' };
}

function confidenceOf({ confidence }: PriorityFacts, weights: PriorityWeights['confidence']): PriorityFactor {
  const because =
    confidence === undefined ? 'the tool does not say how sure it is' : `confidence ${confidence}`;
  return { name: 'confidence', value: weights[confidence ?? 'medium'], because };
}

function bandOf(score: number): PriorityBand {
  if (score >= 75) return 'now';
  if (score >= 45) return 'soon';
  return score >= 20 ? 'planned' : 'later';
}

/**
 * What to do first, and why: points of the severity × confidence × exploitability × exposure × reach, at most 100.
 * Every factor is in the result, so that nobody has to believe a number. `docs/guides/findings.md` explains it.
 */
export function computePriority(facts: PriorityFacts, weights: PriorityWeights): Priority {
  const factors: readonly PriorityFactor[] = [
    { name: 'severity', value: weights.severity[facts.severity], because: `severity ${facts.severity}` },
    confidenceOf(facts, weights.confidence),
    exploitabilityOf(facts, weights.exploitability),
    { name: 'exposure', value: weights.exposure[facts.exposure], because: EXPOSURES[facts.exposure] },
    { name: 'reach', value: weights.reach[facts.reach], because: REACHES[facts.reach] },
  ];
  const product = factors.reduce((all, { value }) => all * value, 1);
  const score = Math.round(Math.min(100, product));
  return { score, band: bandOf(score), factors };
}
