import type { ReportGraph } from '../report-graph.ts';

/** Where a node stands: its column, and its row in it. */
export interface Spot {
  readonly column: number;
  readonly row: number;
}

const SWEEPS = 6;
/** What a job can do in the end stands at the right edge, whoever comes to it. */
const LAST = new Set(['secret', 'token', 'identity', 'environment']);

/** Even when nothing that is drawn stands before it. */
const FIRST_COLUMN: Readonly<Record<string, number>> = { actor: 0, trigger: 1, file: 1 };
const FIRST_COLUMN_OF_OTHERS = 2;

type Links = ReadonlyMap<string, readonly string[]>;

function linksOf(graph: ReportGraph, direction: 'from' | 'to'): Links {
  const other = direction === 'from' ? 'to' : 'from';
  return new Map(
    [...Map.groupBy(graph.edges, (edge) => edge[direction])].map(([id, edges]) => [
      id,
      edges.map((edge) => edge[other]),
    ]),
  );
}

/** Each node one column behind the last of those before it; edges that close a circle count for nothing. */
function assignColumns(graph: ReportGraph): Map<string, number> {
  const before = linksOf(graph, 'to');
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  const columns = new Map<string, number>();
  const open = new Set<string>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return 0;
    open.add(id);
    const least = FIRST_COLUMN[kinds.get(id) ?? ''] ?? FIRST_COLUMN_OF_OTHERS;
    const column = Math.max(least, ...(before.get(id) ?? []).map((each) => columnOf(each) + 1));
    open.delete(id);
    columns.set(id, column);
    return column;
  };
  for (const { id } of graph.nodes) columnOf(id);
  const last = Math.max(0, ...columns.values());
  for (const { id, kind } of graph.nodes) if (LAST.has(kind)) columns.set(id, last);
  return columns;
}

/** Rows by the mean row of the neighbours on one side: the usual way to have few lines cross. */
function sortColumn(column: readonly string[], neighbours: Links, rows: Map<string, number>): string[] {
  const weight = (id: string, own: number): number => {
    const found = (neighbours.get(id) ?? []).flatMap((each) => rows.get(each) ?? []);
    return found.length === 0 ? own : found.reduce((sum, row) => sum + row, 0) / found.length;
  };
  const weighed = column.map((id, index) => ({ id, at: weight(id, index) }));
  return weighed.toSorted((left, right) => left.at - right.at).map(({ id }) => id);
}

/** A place for every node: columns from left to right, rows so that few lines cross. */
export function layoutGraph(graph: ReportGraph): ReadonlyMap<string, Spot> {
  const columns = assignColumns(graph);
  const grouped = Map.groupBy(
    graph.nodes.map(({ id }) => id),
    (id) => columns.get(id) ?? 0,
  );
  const sorted = [...grouped].toSorted(([left], [right]) => left - right);
  let order = sorted.map(([column, ids]) => ({ column, ids }));
  const [before, after] = [linksOf(graph, 'to'), linksOf(graph, 'from')];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rows = new Map(order.flatMap(({ ids }) => ids.map((id, row) => [id, row])));
    const neighbours = sweep % 2 === 0 ? before : after;
    order = order.map(({ column, ids }) => {
      const next = sortColumn(ids, neighbours, rows);
      for (const [row, id] of next.entries()) rows.set(id, row);
      return { column, ids: next };
    });
  }
  return new Map(
    order.flatMap(({ ids }, column) => ids.map((id, row) => [id, { column, row }] as [string, Spot])),
  );
}
