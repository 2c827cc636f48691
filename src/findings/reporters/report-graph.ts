import type { Severity } from '../severity.ts';

/** What a picture shows: somebody, something that starts, runs, is kept, or can be done. */
export interface ReportNode {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  /** `outsider`: somebody outside of the project decides what it is or does. */
  readonly trust: 'outsider' | 'third-party' | 'project';
  /** The worst finding whose attack leads through it. */
  readonly attacked?: Severity;
  readonly place?: { readonly file: string; readonly line: number };
}

export interface ReportEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly detail?: string;
}

/** Who can start what, and what it reaches, as far as the files say. */
export interface ReportGraph {
  readonly nodes: readonly ReportNode[];
  readonly edges: readonly ReportEdge[];
  /** How much had no room. */
  readonly left: number;
}
