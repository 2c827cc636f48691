import { outsiderAssumption } from '#pipeline/github/outsider.ts';
import { type Assumption, evaluateJob } from '#pipeline/guard.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import { startsGitlabJob } from './add-gitlab.ts';
import { isGitlabJob } from './gitlab-job.ts';
import type { Repository } from '#pipeline/repository.ts';
import { type Actor, type CodeRevision, isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { GraphBuilder } from './graph.ts';

const ACTORS: Readonly<Record<Actor, string>> = {
  anyone: 'anybody with an account',
  'contributor-with-approval': 'anybody, once somebody let the first run through',
  caller: 'whoever calls it',
  member: 'people with write access',
  schedule: 'the clock',
  internal: 'the platform',
};

function triggerKey({ file }: Pipeline, event: string): string {
  return `${file}#${event}`;
}

/** Pipelines that a `workflow_run` trigger waits for, by their names or, without one, their files. */
export function findFollowed({ filters }: Trigger, repository: Repository): Pipeline[] {
  const names = filters['workflows'] ?? [];
  return repository.pipelines.filter(
    ({ kind, name, file }) => kind === 'workflow' && names.includes(name?.value ?? file),
  );
}

export function addTrigger(pipeline: Pipeline, trigger: Trigger, graph: GraphBuilder): string {
  const { event, firedBy, node } = trigger;
  return graph.node('trigger', triggerKey(pipeline, event), {
    label: event,
    trust: isOutsider(firedBy) ? 'outsider' : 'project',
    place: graph.place(pipeline.source, node),
  });
}

/** Who fires it. One that follows pipelines of this repository is fired by them, and by nobody else. */
export function addCauses(
  pipeline: Pipeline,
  trigger: Trigger,
  repository: Repository,
  graph: GraphBuilder,
): void {
  const id = addTrigger(pipeline, trigger, graph);
  const followed = findFollowed(trigger, repository);
  const place = graph.place(pipeline.source, trigger.node);
  for (const other of followed)
    for (const cause of other.triggers)
      graph.edge(addTrigger(other, cause, graph), 'is-followed-by', id, { place });
  if (followed.length > 0) return;
  if (trigger.firedBy === 'caller' && repository.callersOf(pipeline).length > 0) return;
  const actor = graph.node('actor', trigger.firedBy, {
    label: ACTORS[trigger.firedBy],
    trust: isOutsider(trigger.firedBy) ? 'outsider' : 'project',
  });
  graph.edge(actor, 'fires', id, { place });
}

export interface Start {
  readonly trigger: Trigger;
  /** Whether the job's conditions let a run through that an outsider caused. */
  readonly outsiders: 'stopped' | 'let through' | undefined;
}

function withEvent(event: string): Assumption {
  return (path) => (path === 'github.event_name' ? { oneOf: [event] } : undefined);
}

/** Which events start which job; the assumptions are made once, since verdicts are kept by them. */
export function createStarts(pipeline: Pipeline): (job: Job) => Start[] {
  const github = pipeline.platform === 'github';
  const assumed = pipeline.triggers.map((trigger) => ({
    trigger,
    plain: withEvent(trigger.event),
    outsider: outsiderAssumption(trigger.event),
  }));
  return (job) =>
    assumed.flatMap(({ trigger, plain, outsider }): Start[] => {
      // A called pipeline sees the event of its caller.
      const called = trigger.firedBy === 'caller';
      if (isGitlabJob(job) && !startsGitlabJob(trigger, job)) return [];
      if (github && !called && evaluateJob(job, plain) === 'false') return [];
      if (!isOutsider(trigger.firedBy)) return [{ trigger, outsiders: undefined }];
      const stopped = github && evaluateJob(job, outsider) === 'false';
      return [{ trigger, outsiders: stopped ? 'stopped' : 'let through' }];
    });
}

/** Revisions under which the callers of a pipeline run, and theirs in turn; what calls in a circle adds nothing. */
function callerRevisions(pipeline: Pipeline, repository: Repository, seen: Set<Pipeline>): CodeRevision[] {
  if (seen.has(pipeline)) return [];
  seen.add(pipeline);
  return repository
    .callersOf(pipeline)
    .flatMap(({ job: { pipeline: caller } }) =>
      caller.triggers.flatMap(({ runs }) =>
        runs === 'caller' ? callerRevisions(caller, repository, seen) : [runs],
      ),
    );
}

/** What code a run of the job begins with; `caller` stays only where nobody of this repository calls. */
export function revisionsOf(
  starts: readonly Start[],
  pipeline: Pipeline,
  repository: Repository,
): ReadonlySet<CodeRevision> {
  const revisions = starts.flatMap(({ trigger: { runs } }): CodeRevision[] => {
    const called = runs === 'caller' ? callerRevisions(pipeline, repository, new Set()) : [];
    return called.length > 0 ? called : [runs];
  });
  return new Set(revisions);
}

export function describeStart({ trigger, outsiders }: Start): string | undefined {
  if (outsiders === 'stopped') return 'conditions stop outsiders';
  return trigger.authority === 'read-only-for-forks' ? 'without secrets for forks' : undefined;
}
