import type { Job, Pipeline, Step } from '../../model.ts';

/** Where an expression stands: names resolve from the inside out. */
export interface Scope {
  readonly pipeline: Pipeline;
  readonly job?: Job | undefined;
  readonly step?: Step | undefined;
}
