import type { AuthorityGraph } from '#api/authority-graph.ts';
import type { PipelineAccess } from '#api/pipeline-access.ts';

/** The last step of authority, which no file shows: what the identities of the jobs open here. */
export function addResources(
  graph: AuthorityGraph,
  { reachable, resources }: PipelineAccess,
): AuthorityGraph {
  const identities = graph.nodes.filter(({ kind }) => kind === 'identity');
  const found = reachable.filter(({ kind }) => kind === 'resource');
  if (identities.length === 0 || found.length === 0) return graph;
  const issued = new Map(resources.map((resource) => [resource.name, resource.issued]));
  const nodes = found.map(({ name, used }) => ({
    id: `resource:${name}`,
    kind: 'resource' as const,
    label: name,
    trust: 'project' as const,
    attacked: null,
    detail:
      used === true
        ? `issued ${issued.get(name) ?? 0} × in the last 30 days`
        : 'never used in the last 30 days',
    file: null,
    line: null,
  }));
  const edges = identities.flatMap(({ id }) =>
    found.map(({ name, because }) => ({
      from: id,
      to: `resource:${name}`,
      kind: 'opens',
      reason: `with an identity of this pipeline one gets \`${name}\`: ${because}`,
      file: null,
      line: null,
    })),
  );
  return { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] };
}
