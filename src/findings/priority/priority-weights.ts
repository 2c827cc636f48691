import type { Confidence, Severity } from '../severity.ts';
import type { Exposure, Reach } from './priority.ts';

/** Weights of the priority formula: points for the severity, factors for everything else. */
export interface PriorityWeights {
  readonly severity: Readonly<Record<Severity, number>>;
  readonly confidence: Readonly<Record<Confidence, number>>;
  readonly exploitability: {
    readonly verified: number;
    readonly exploited: number;
    /** Times the EPSS probability, added to 1: 1.6 at a probability of 1 and a share of 0.6. */
    readonly epssShare: number;
  };
  readonly exposure: Readonly<Record<Exposure, number>>;
  readonly reach: Readonly<Record<Reach, number>>;
}
