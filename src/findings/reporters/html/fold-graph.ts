import type { ReportEdge, ReportGraph, ReportNode } from '../report-graph.ts';
import { findLiveEdges } from './live-ways.ts';

/** More than this nobody reads. */
const NODES_MAX = 200;
/** What one screen holds; beyond it only ways of outsiders to something are drawn. */
const NODES_CALM = 24;

export interface FoldedGraph extends ReportGraph {
  /** What was left out, in words for the reader. */
  readonly notes: readonly string[];
}

function keep(graph: ReportGraph, wanted: (node: ReportNode) => boolean): ReportGraph {
  const nodes = graph.nodes.filter(wanted);
  const ids = new Set(nodes.map(({ id }) => id));
  return { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

/** Actions, images and hosted machines are what every job has: they are in the findings, not in the picture. */
function isScenery({ kind, trust, label }: ReportNode): boolean {
  if (kind === 'code') return trust !== 'outsider';
  return kind === 'runner' && !/self-hosted/.test(label);
}

const SECRETS_NAMED_MAX = 2;

/** Secrets that the same jobs hold, as one node. */
function foldSecrets(graph: ReportGraph): ReportGraph {
  const holders = Map.groupBy(graph.edges, ({ to }) => to);
  const keyOf = ({ id }: ReportNode) =>
    (holders.get(id) ?? [])
      .map(({ from }) => from)
      .toSorted()
      .join('\n');
  const groups = Map.groupBy(
    graph.nodes.filter(({ kind }) => kind === 'secret'),
    keyOf,
  );
  const replaced = new Map<string, ReportNode | undefined>();
  for (const [first, ...others] of groups.values()) {
    if (first === undefined || others.length === 0) continue;
    const names = [first, ...others].map(({ label }) => label);
    const left = names.length - SECRETS_NAMED_MAX;
    const more = left > 0 ? ` and ${left} more` : '';
    replaced.set(first.id, { ...first, label: `${names.slice(0, SECRETS_NAMED_MAX).join(', ')}${more}` });
    for (const { id } of others) replaced.set(id, undefined);
  }
  const nodes = graph.nodes.flatMap((node) =>
    replaced.has(node.id) ? (replaced.get(node.id) ?? []) : [node],
  );
  return keep({ ...graph, nodes }, () => true);
}

const GAINS = new Set(['secret', 'identity', 'environment', 'token']);

/** What leads to one of the nodes. */
function leadingTo(edges: readonly ReportEdge[], ends: readonly ReportNode[]): ReadonlySet<string> {
  const before = Map.groupBy(edges, ({ to }) => to);
  const found = new Set(ends.map(({ id }) => id));
  // A set hands out what is added while it is walked.
  for (const id of found) for (const { from } of before.get(id) ?? []) found.add(from);
  return found;
}

/** What an attacked job is drawn with, whoever else has it. */
const GAINED_BY = new Set(['holds', 'enters', 'leads-to', 'runs-on']);

/** What lies between outsiders and something worth having, and what attacks lead through. */
function keepWays(graph: ReportGraph): ReportGraph {
  const edges = findLiveEdges(graph);
  const forward = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const gains = graph.nodes.filter(
    ({ kind, label }) => GAINS.has(kind) && (kind !== 'token' || /write|as the/.test(label)),
  );
  const backward = leadingTo(
    edges,
    gains.filter(({ id }) => forward.has(id)),
  );
  const attacked = new Set(graph.nodes.flatMap((node) => (node.attacked === undefined ? [] : [node.id])));
  const own = graph.edges.filter(({ from, kind }) => attacked.has(from) && GAINED_BY.has(kind));
  const shown = new Set([...attacked, ...own.map(({ to }) => to)]);
  const all = new Set([...edges, ...own]);
  return keep(
    { ...graph, edges: [...all] },
    ({ id }) => shown.has(id) || (forward.has(id) && backward.has(id)),
  );
}

const isOfFile = ({ kind, place }: ReportNode) =>
  (kind === 'job' || kind === 'trigger') && place !== undefined;

/** One node for each file in place of its triggers and jobs. */
function foldFiles(graph: ReportGraph): ReportGraph {
  const ids = new Map<string, string>();
  const nodes = new Map<string, ReportNode>();
  for (const node of graph.nodes) {
    const { place } = node;
    if (!isOfFile(node) || place === undefined) {
      nodes.set(node.id, node);
      continue;
    }
    const id = `file:${place.file}`;
    ids.set(node.id, id);
    const attacked = nodes.get(id)?.attacked ?? node.attacked;
    const file: ReportNode = { id, kind: 'file', label: place.file, trust: 'project', place };
    nodes.set(id, attacked === undefined ? file : { ...file, attacked });
  }
  const edges = new Map<string, ReportEdge>();
  for (const edge of graph.edges) {
    const [from, to] = [ids.get(edge.from) ?? edge.from, ids.get(edge.to) ?? edge.to];
    if (from !== to) edges.set(`${from} ${edge.kind} ${to}`, { from, to, kind: edge.kind });
  }
  return { ...graph, nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** A graph that can be read: everything when it is small, then ways of outsiders, then whole files. */
export function foldGraph(graph: ReportGraph): FoldedGraph {
  const notes: string[] = [];
  let folded = foldSecrets(keep(graph, (node) => !isScenery(node)));
  if (folded.nodes.length > NODES_CALM) {
    folded = keepWays(folded);
    notes.push('Only ways of outsiders to secrets, identities and tokens that can write are drawn.');
  }
  if (folded.nodes.length > NODES_MAX) {
    folded = foldFiles(folded);
    notes.push('Triggers and jobs of a file are drawn as one.');
  }
  if (folded.nodes.length > NODES_MAX) {
    const shown = new Set(folded.nodes.slice(0, NODES_MAX));
    notes.push(`${folded.nodes.length - NODES_MAX} more had no room.`);
    folded = keep(folded, (node) => shown.has(node));
  }
  if (graph.left > 0) notes.push(`${graph.left} more were not looked at.`);
  const linked = new Set(folded.edges.flatMap(({ from, to }) => [from, to]));
  return { ...keep(folded, ({ id }) => linked.has(id)), notes };
}
