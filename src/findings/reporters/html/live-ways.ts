import type { ReportEdge, ReportGraph } from '../report-graph.ts';

/** Whether a run that outsiders cause has the rights of the project, or none. */
type Rights = 'full' | 'none';

interface Stores {
  readonly kindOf: (id: string) => string | undefined;
  readonly startsWithRights: ReadonlySet<string>;
}

const fileOf = (id: string): string => id.slice(id.indexOf(':') + 1).replace(/#[^#]*$/, '');

/** With which rights the way goes on along an edge; undefined when it ends there. */
function follow(edge: ReportEdge, rights: Rights, { kindOf, startsWithRights }: Stores): Rights | undefined {
  const { from, to, kind, detail } = edge;
  switch (kind) {
    case 'fires':
    case 'is-followed-by':
      return 'full';
    case 'starts':
      if (detail === 'conditions stop outsiders') return undefined;
      return detail === 'without secrets for forks' ? 'none' : rights;
    case 'writes':
      // Whether a cache can be poisoned is for the rules to say; jobs that are attacked so are drawn with it.
      return kindOf(to) === 'cache' ? undefined : rights;
    case 'feeds': {
      const sameRun = kindOf(from) === 'artifact' && fileOf(from) === fileOf(to);
      if (sameRun) return rights;
      return startsWithRights.has(to) ? 'full' : 'none';
    }
    case 'holds':
    case 'enters':
      return rights === 'full' ? 'full' : undefined;
    case 'precedes':
      return undefined;
    default:
      return rights;
  }
}

/** Edges that a run of an outsider really goes along: not past conditions, nor to what forks do not get. */
export function findLiveEdges({ nodes, edges }: ReportGraph): readonly ReportEdge[] {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const startsWithRights = new Set(
    edges
      .filter(({ kind, detail }) => kind === 'starts' && detail !== 'without secrets for forks')
      .map(({ to }) => to),
  );
  const stores: Stores = { kindOf: (id) => kinds.get(id), startsWithRights };
  const next = Map.groupBy(edges, ({ from }) => from);
  const known = new Map<string, Rights>();
  const live = new Set<ReportEdge>();
  const queue: string[] = [];
  const reach = (id: string, rights: Rights): void => {
    const before = known.get(id);
    if (before === 'full' || before === rights) return;
    known.set(id, rights);
    queue.push(id);
  };
  for (const { id, kind, trust } of nodes) if (kind === 'actor' && trust === 'outsider') reach(id, 'none');
  // Each node comes at most twice: once without rights, once with them.
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of next.get(id) ?? []) {
      const rights = follow(edge, known.get(id) ?? 'none', stores);
      if (rights === undefined) continue;
      live.add(edge);
      reach(edge.to, rights);
    }
  }
  return [...live];
}
