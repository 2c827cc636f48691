import type { Job, Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { addAuthority } from './add-authority.ts';
import { addCode, addReference } from './add-code.ts';
import { createStores } from './add-stores.ts';
import { addCauses, addTrigger, createStarts, describeStart, revisionsOf } from './add-triggers.ts';
import { type AuthorityGraph, GraphBuilder } from './graph.ts';

function addJob(job: Job, graph: GraphBuilder): string {
  const { file, source } = job.pipeline;
  return graph.node('job', `${file}#${job.id}`, {
    label: job.id,
    trust: 'project',
    place: graph.place(source, job.key),
  });
}

/** A call leads to the other pipeline where it is of this repository, and to code of others elsewhere. */
function addCall(job: Job, id: string, repository: Repository, graph: GraphBuilder): void {
  const { call, pipeline } = job;
  if (call === undefined) return;
  const place = graph.place(pipeline.source, call.text.node);
  const facts = call.inheritsSecrets === undefined ? { place } : { place, detail: 'with all secrets' };
  const called = repository.resolveCall(job);
  const entry = called?.triggers.find(({ firedBy }) => firedBy === 'caller');
  if (called === undefined || entry === undefined) {
    graph.edge(id, 'calls', addReference(call.reference, call.text.value, graph), facts);
  } else graph.edge(id, 'calls', addTrigger(called, entry, graph), facts);
}

function addPipeline(
  pipeline: Pipeline,
  repository: Repository,
  graph: GraphBuilder,
  addStores: (job: Job, id: string) => void,
): void {
  for (const trigger of pipeline.triggers) addCauses(pipeline, trigger, repository, graph);
  const startsOf = createStarts(pipeline);
  const byId = new Map(pipeline.jobs.map((job) => [job.id, job]));
  for (const job of pipeline.jobs) {
    const id = addJob(job, graph);
    const starts = startsOf(job);
    for (const start of starts) {
      const detail = describeStart(start);
      const from = addTrigger(pipeline, start.trigger, graph);
      graph.edge(from, 'starts', id, detail === undefined ? {} : { detail });
    }
    for (const need of job.needs) {
      const needed = byId.get(need.value);
      if (needed !== undefined)
        graph.edge(addJob(needed, graph), 'precedes', id, { place: graph.place(pipeline.source, need) });
    }
    addAuthority(job, id, graph);
    addCode(job, id, revisionsOf(starts, pipeline, repository), repository, graph);
    addCall(job, id, repository, graph);
    addStores(job, id);
  }
}

/**
 * Who can make what run, and what it can reach: the pipelines of one repository as a graph. `prefix` stands in
 * front of file names. It shows what files say; settings of the platform are not in it.
 */
export function buildGraph(repository: Repository, prefix = ''): AuthorityGraph {
  const graph = new GraphBuilder(prefix);
  const addStores = createStores(repository, graph);
  for (const pipeline of repository.pipelines) {
    // An action runs where it is used; it starts nothing.
    if (pipeline.kind === 'workflow') addPipeline(pipeline, repository, graph, addStores);
  }
  return graph.finish();
}

/** Graphs of several repositories side by side. */
export function mergeGraphs(graphs: readonly AuthorityGraph[]): AuthorityGraph {
  return {
    nodes: graphs.flatMap(({ nodes }) => nodes),
    edges: graphs.flatMap(({ edges }) => edges),
    left: graphs.reduce((sum, { left }) => sum + left, 0),
  };
}
