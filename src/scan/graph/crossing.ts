import type { ExploitComplexity } from '#findings/attack.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import type { Hop } from '#pipeline/taint.ts';

/** A job, or a whole workflow, in which code of outsiders runs. */
export interface Foothold {
  readonly root: Pipeline;
  /** Undefined when they decide about the whole workflow, as a pull request does. */
  readonly job: Job | undefined;
  /** By which event, for conditions of jobs behind it. */
  readonly event: string;
  readonly complexity: ExploitComplexity;
  /** False where code runs only by a name or a habit that the files do not show. */
  readonly certain: boolean;
  readonly way: readonly Hop[];
}

export type CrossingKind = 'artifact' | 'cache' | 'dispatch' | 'output' | 'runner';

/** The step from one job into another that trusts it. */
export interface Crossing {
  readonly kind: CrossingKind;
  readonly from: Foothold;
  readonly to: Job;
  /** Where the trust is given: the place to mend. */
  readonly source: SourceText;
  readonly span: Span;
  /** From behind the foothold to the code in `to`. */
  readonly hops: readonly Hop[];
  readonly complexity: ExploitComplexity;
  /** False where it works by a name or a habit that the files do not show. */
  readonly certain: boolean;
  readonly partial?: string;
  readonly message: string;
}
