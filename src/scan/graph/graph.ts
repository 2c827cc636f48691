import type { Severity } from '#findings/severity.ts';
import type { SourceText, Span } from '#pipeline/source.ts';

export type NodeKind =
  /** Who can make something happen. */
  | 'actor'
  | 'trigger'
  | 'job'
  /** Code that runs in a job: an action, an image, a checkout. */
  | 'code'
  | 'secret'
  /** The platform's token of the job. */
  | 'token'
  /** A token that says to others who the job is. */
  | 'identity'
  | 'environment'
  | 'runner'
  | 'cache'
  | 'artifact';

/** Read from left to right: `job holds secret`, `artifact feeds job`. */
export type EdgeKind =
  | 'fires'
  | 'starts'
  | 'is-followed-by'
  | 'precedes'
  | 'calls'
  | 'runs'
  | 'checks-out'
  | 'holds'
  | 'enters'
  | 'runs-on'
  | 'writes'
  | 'feeds'
  /** From a job that is attacked to the next one on the way. */
  | 'leads-to';

export interface GraphPlace {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** UTF-16 offsets; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** `outsider`: somebody outside of the project decides what it is or does. */
  readonly trust: 'outsider' | 'third-party' | 'project';
  /** The worst finding whose attack leads through this job. */
  readonly attacked?: Severity;
  readonly detail?: string;
  readonly place?: GraphPlace;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly detail?: string;
  readonly place?: GraphPlace;
}

export interface AuthorityGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** How much had no room. */
  readonly left: number;
}

const NODES_MAX = 5_000;
const EDGES_MAX = 20_000;

/** Collects nodes by id and edges once each. What is too much is counted. */
export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();
  /** Stands in front of every id and file name, so that repositories do not mix. */
  readonly #prefix: string;
  #left = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Adds a node unless it is there, and returns its id. */
  node(kind: NodeKind, key: string, facts: Omit<GraphNode, 'id' | 'kind'>): string {
    const id = `${kind}:${this.#prefix}${key}`;
    if (this.#nodes.has(id)) return id;
    if (this.#nodes.size >= NODES_MAX) this.#left += 1;
    else this.#nodes.set(id, { id, kind, ...facts });
    return id;
  }

  edge(from: string, kind: EdgeKind, to: string, facts: { detail?: string; place?: GraphPlace } = {}): void {
    if (!this.#nodes.has(from) || !this.#nodes.has(to)) return;
    const key = JSON.stringify([from, kind, to, facts.detail]);
    if (this.#edges.has(key)) return;
    if (this.#edges.size >= EDGES_MAX) this.#left += 1;
    else this.#edges.set(key, { from, to, kind, ...facts });
  }

  place(source: SourceText, { start, end }: Span): GraphPlace {
    return { file: `${this.#prefix}${source.file}`, ...source.position(start), start, end };
  }

  finish(): AuthorityGraph {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()], left: this.#left };
  }
}
