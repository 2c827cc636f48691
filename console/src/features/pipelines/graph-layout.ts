import { graphlib, layout } from '@dagrejs/dagre';
import { NODE_HEIGHT, NODE_WIDTH } from './graph-model.ts';

/** Of each node its upper left corner, read from left to right. */
export function layOut(
  ids: readonly string[],
  edges: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, { x: number; y: number }> {
  // The library keeps nodes in plain objects, where a name from outside (`__proto__`) would hit what all objects have.
  const numbers = new Map(ids.map((id, index) => [id, `n${index}`]));
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 36, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of numbers.values()) graph.setNode(name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const [index, edge] of edges.entries()) {
    const [from, to] = [numbers.get(edge.from), numbers.get(edge.to)];
    if (from !== undefined && to !== undefined) graph.setEdge(from, to, {}, `e${index}`);
  }
  layout(graph);
  return new Map(
    [...numbers].map(([id, name]) => {
      const { x, y } = graph.node(name);
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
}
