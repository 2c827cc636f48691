import type { AuthorityGraph, EdgeKind, GraphEdge, GraphNode } from '#scan/graph/graph.ts';
import type { Authority, AuthorityEdge, AuthorityNode } from './inspected-repository.ts';
import { shorten } from './show-text.ts';

const NODES_MAX = 400;
const EDGES_MAX = 1_500;
const SHARERS_MAX = 3;

const SENTENCES: Readonly<Record<EdgeKind, (from: string, to: string) => string>> = {
  fires: (from, to) => `${from} can make ${to} happen`,
  starts: (from, to) => `${from} starts the job ${to}`,
  'is-followed-by': (from, to) => `when ${from} has run, ${to} happens`,
  precedes: (from, to) => `${to} runs after ${from}, with what that one left behind`,
  calls: (from, to) => `${from} calls ${to}`,
  runs: (from, to) => `${from} runs the code of ${to}`,
  'checks-out': (from, to) => `${from} checks out ${to}, and may run what stands in it`,
  holds: (from, to) => `the job ${from} is given ${to}`,
  enters: (from, to) => `${from} enters the environment ${to}, with what is stored there`,
  'runs-on': (from, to) => `${from} runs on ${to}`,
  writes: (from, to) => `${from} writes ${to}`,
  feeds: (from, to) => `${to} reads ${from}`,
  'leads-to': (from, to) => `whoever holds ${from} gets into ${to}`,
};

const NAMED: ReadonlySet<GraphNode['kind']> = new Set(['secret', 'artifact', 'cache']);

/** Names stand between backticks; what is said in words does not. */
function nameOf({ kind, label }: GraphNode): string {
  const shown = shorten(label, 120).replaceAll('`', '’');
  const name = shown.includes(' ') ? shown : `\`${shown}\``;
  return NAMED.has(kind) ? `${kind} ${name}` : name;
}

function reasonOf({ kind, detail }: GraphEdge, from: GraphNode, to: GraphNode): string {
  const sentence = SENTENCES[kind](nameOf(from), nameOf(to));
  return detail === undefined ? sentence : `${sentence} (${shorten(detail, 200)})`;
}

const isShared = ({ kind }: GraphNode): boolean => kind === 'cache' || kind === 'artifact';

function describeNode({ id, kind, label, trust, attacked, detail, place }: GraphNode): AuthorityNode {
  return {
    id: shorten(id, 400),
    kind,
    label: shorten(label, 160),
    trust,
    attacked,
    detail: detail === undefined ? undefined : shorten(detail, 200),
    file: place?.file,
    line: place?.line,
  };
}

function belongsTo({ id, kind, place }: GraphNode, file: string): boolean {
  if (kind === 'job') return place?.file === file || id.startsWith(`job:${file}#`);
  return kind === 'trigger' && place?.file === file;
}

/** Cuts the graph of a repository into that of each definition. */
export class AuthorityGraphs {
  readonly #graph: AuthorityGraph;
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  readonly #from: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly #to: ReadonlyMap<string, readonly GraphEdge[]>;

  constructor(graph: AuthorityGraph) {
    this.#graph = graph;
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.#from = Map.groupBy(graph.edges, ({ from }) => from);
    this.#to = Map.groupBy(graph.edges, ({ to }) => to);
  }

  /** Values out of a store that the jobs of a definition hold. */
  secretsOf(file: string): { name: string; job: string; line: number }[] {
    const held = this.#jobsOf(file).flatMap((job) =>
      (this.#from.get(job.id) ?? []).flatMap((edge) => {
        const node = this.#nodes.get(edge.to);
        if (edge.kind !== 'holds' || node?.kind !== 'secret') return [];
        const line = edge.place?.line ?? job.place?.line ?? 1;
        return [{ name: shorten(node.label, 120), job: shorten(job.label, 120), line }];
      }),
    );
    const distinct = new Map(held.map((each) => [JSON.stringify([each.name, each.job]), each]));
    return [...distinct.values()].slice(0, NODES_MAX);
  }

  authorityOf(file: string): Authority {
    const reached = this.#surroundingsOf(file);
    const kept = [...reached].slice(0, NODES_MAX);
    const shown = new Set(kept);
    const edges = this.#graph.edges.filter(({ from, to }) => shown.has(from) && shown.has(to));
    return {
      nodes: kept.flatMap((id) => this.#nodes.get(id) ?? []).map(describeNode),
      edges: edges.slice(0, EDGES_MAX).flatMap((edge) => this.#describeEdge(edge)),
      left: reached.size - kept.length + Math.max(0, edges.length - EDGES_MAX) + this.#graph.left,
    };
  }

  /**
   * What belongs to a definition: its own jobs, those that an attack goes through on its way to them or from them,
   * what starts these and what they hold. Other definitions that only share something with it would bury it.
   */
  #surroundingsOf(file: string): ReadonlySet<string> {
    const own = this.#graph.nodes.filter((node) => belongsTo(node, file)).map(({ id }) => id);
    const centre = this.#followAttacks(own);
    const found = new Set(centre);
    for (const id of centre) {
      for (const near of this.#neighboursOf(id)) {
        found.add(near.id);
        if (near.kind === 'trigger') for (const more of this.#aroundTrigger(near.id)) found.add(more);
        if (isShared(near)) for (const more of this.#sharersOf(near.id)) found.add(more);
      }
    }
    return found;
  }

  #followAttacks(ids: readonly string[]): ReadonlySet<string> {
    // A set is walked over what is added to it meanwhile.
    const found = new Set(ids);
    for (const id of found) {
      for (const { kind, to } of this.#from.get(id) ?? []) if (kind === 'leads-to') found.add(to);
      for (const { kind, from } of this.#to.get(id) ?? []) if (kind === 'leads-to') found.add(from);
    }
    return found;
  }

  #neighboursOf(id: string): readonly GraphNode[] {
    const before = (this.#to.get(id) ?? []).map(({ from }) => from);
    const behind = (this.#from.get(id) ?? []).map(({ to }) => to);
    return [...before, ...behind].flatMap((each) => this.#nodes.get(each) ?? []);
  }

  /** Who makes it happen, and what it starts. */
  #aroundTrigger(id: string): readonly string[] {
    return this.#neighboursOf(id).map((near) => near.id);
  }

  /** Who else writes or reads it: first those that are attacked themselves. */
  #sharersOf(id: string): readonly string[] {
    return this.#neighboursOf(id)
      .toSorted((one, other) => Number(other.attacked !== undefined) - Number(one.attacked !== undefined))
      .slice(0, SHARERS_MAX)
      .map((near) => near.id);
  }

  #jobsOf(file: string): readonly GraphNode[] {
    return this.#graph.nodes.filter((node) => node.kind === 'job' && belongsTo(node, file));
  }

  #describeEdge(edge: GraphEdge): AuthorityEdge[] {
    const [from, to] = [this.#nodes.get(edge.from), this.#nodes.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    return [
      {
        from: shorten(edge.from, 400),
        to: shorten(edge.to, 400),
        kind: edge.kind,
        reason: reasonOf(edge, from, to),
        file: edge.place?.file,
        line: edge.place?.line,
      },
    ];
  }
}
