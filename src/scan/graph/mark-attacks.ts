import type { Finding } from '#findings/finding.ts';
import { isAtLeast, type Severity } from '#findings/severity.ts';
import type { Job } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { AuthorityGraph, GraphEdge } from './graph.ts';
import { jobId } from './job-id.ts';

/** Jobs by file, to find the one that a station of a path stands in. */
function jobsByFile({ pipelines }: Repository): ReadonlyMap<string, readonly Job[]> {
  return Map.groupBy(
    pipelines.flatMap(({ jobs }) => jobs),
    ({ pipeline }) => pipeline.source.file,
  );
}

interface Marks {
  /** The worst attack through each job, by the id of its node. */
  readonly worst: ReadonlyMap<string, Severity>;
  /** From each job on a way to the next. */
  readonly steps: ReadonlyMap<string, GraphEdge>;
}

/** Jobs that a path goes through, in its order. */
function jobsOn({ path = [] }: Finding, jobs: ReadonlyMap<string, readonly Job[]>): readonly Job[] {
  return path.flatMap(({ location }) => {
    const { offset } = location.start;
    return jobs.get(location.file)?.find(({ node, key }) => key.start <= offset && offset < node.end) ?? [];
  });
}

function collectMarks(repository: Repository, findings: readonly Finding[], prefix: string): Marks {
  const jobs = jobsByFile(repository);
  const worst = new Map<string, Severity>();
  const steps = new Map<string, GraphEdge>();
  for (const finding of findings) {
    const { attack, severity, suppression } = finding;
    if (attack === undefined || suppression !== undefined) continue;
    const ids = jobsOn(finding, jobs).map((job) => jobId(job, prefix));
    for (const [index, id] of ids.entries()) {
      const known = worst.get(id);
      if (known === undefined || isAtLeast(severity, known)) worst.set(id, severity);
      const from = ids[index - 1];
      if (from !== undefined && from !== id) steps.set(`${from} ${id}`, { from, to: id, kind: 'leads-to' });
    }
  }
  return { worst, steps };
}

/** The graph with the jobs marked that attacks lead through, and the ways from one to the next. */
export function markAttacks(
  graph: AuthorityGraph,
  repository: Repository,
  findings: readonly Finding[],
  prefix: string,
): AuthorityGraph {
  const { worst, steps } = collectMarks(repository, findings, prefix);
  const nodes = graph.nodes.map((node) => {
    const attacked = worst.get(node.id);
    return attacked === undefined ? node : { ...node, attacked };
  });
  const ids = new Set(nodes.map(({ id }) => id));
  const ways = [...steps.values()].filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { ...graph, nodes, edges: [...graph.edges, ...ways] };
}
