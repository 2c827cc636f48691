import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { resolveConfigurations } from '#pipeline/gitlab/resolve-includes.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import { addAuthority } from './add-authority.ts';
import { addCode, addReference } from './add-code.ts';
import { addGitlabAuthority, addIncludes } from './add-gitlab.ts';
import { isGitlabJob } from './gitlab-job.ts';
import { createStores } from './add-stores.ts';
import { addCauses, addTrigger, createStarts, describeStart, revisionsOf } from './add-triggers.ts';
import { type AuthorityGraph, GraphBuilder, type GraphPlace } from './graph.ts';

/** Jobs of a GitLab configuration stand in any of its files. */
function placeOf(job: Job, graph: GraphBuilder): GraphPlace {
  return isGitlabJob(job)
    ? graph.place(job.place.source, job.place.span)
    : graph.place(job.pipeline.source, job.key);
}

/** A merged job does not say which of its files a name in `needs:` comes from. */
function placeOfNeed(job: Job, need: Span, graph: GraphBuilder): GraphPlace {
  return isGitlabJob(job) ? placeOf(job, graph) : graph.place(job.pipeline.source, need);
}

function addJob(job: Job, graph: GraphBuilder): string {
  const key = `${job.pipeline.file}#${job.id}`;
  return graph.node('job', key, { label: job.id, trust: 'project', place: placeOf(job, graph) });
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
  const jobs = pipeline.jobs.filter((job) => !isGitlabJob(job) || !job.hidden);
  for (const job of jobs) {
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
        graph.edge(addJob(needed, graph), 'precedes', id, { place: placeOfNeed(job, need, graph) });
    }
    addAuthority(job, id, graph);
    addCode(job, id, revisionsOf(starts, pipeline, repository), repository, graph);
    addCall(job, id, repository, graph);
    addStores(job, id);
    if (isGitlabJob(job)) addGitlabAuthority(job, id, graph);
  }
  if (isGitlabPipeline(pipeline)) {
    const ids = jobs.map((job) => addJob(job, graph));
    addIncludes(pipeline, ids, graph);
  }
}

/**
 * Who can make what run, and what it can reach: the pipelines of one repository as a graph. `prefix` stands in
 * front of file names. It shows what files say; settings of the platform are not in it.
 */
export function buildGraph(repository: Repository, prefix = ''): AuthorityGraph {
  const graph = new GraphBuilder(prefix);
  const addStores = createStores(repository, graph);
  const others = repository.pipelines.filter(({ platform }) => platform !== 'gitlab');
  for (const pipeline of [...others, ...resolveConfigurations(repository)]) {
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
