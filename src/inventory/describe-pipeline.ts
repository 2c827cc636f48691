import { isGitlabJob } from '#scan/graph/gitlab-job.ts';
import type { Job, Permissions, Pipeline } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type {
  InspectedPipeline,
  PipelineJob,
  PipelinePermissions,
  PipelineTrigger,
} from './inspected-repository.ts';
import { shorten } from './show-text.ts';

const JOBS_MAX = 500;
const TRIGGERS_MAX = 100;
const NAMES_MAX = 50;

function scopesOf(declared: Permissions | undefined): string[] {
  if (declared === undefined) return [];
  if (declared.all !== undefined) return [`*: ${declared.all}`];
  return declared.scopes.slice(0, NAMES_MAX).map(({ name, access }) => `${shorten(name, 80)}: ${access}`);
}

function permissionsOf(job: Job): PipelinePermissions {
  const { from, declared } = effectivePermissions(job);
  return { from, scopes: scopesOf(declared) };
}

function describeTrigger({ event, firedBy, authority, filters }: Trigger): PipelineTrigger {
  const bounded = Object.entries(filters).map(
    ([name, values]) =>
      [shorten(name, 80), values.slice(0, NAMES_MAX).map((each) => shorten(each, 120))] as const,
  );
  return {
    event: shorten(event, 80),
    firedBy,
    outsiders: isOutsider(firedBy),
    authority,
    filters: Object.fromEntries(bounded),
  };
}

function lineOf(job: Job): number {
  const { source, span } = isGitlabJob(job) ? job.place : { source: job.pipeline.source, span: job.key };
  return source.position(span.start).line;
}

function describeJob(job: Job): PipelineJob {
  const { runner, environment, guard, call } = job;
  const labels =
    runner === undefined ? [] : [...runner.labels, ...(runner.group === undefined ? [] : [runner.group])];
  return {
    id: shorten(job.id, 120),
    name: job.name === undefined ? undefined : shorten(job.name.value, 120),
    line: lineOf(job),
    needs: job.needs.slice(0, NAMES_MAX).map(({ value }) => shorten(value, 120)),
    runner: labels.length === 0 ? undefined : shorten(labels.map(({ value }) => value).join(', '), 120),
    hosting: runner?.hosting,
    environment: environment === undefined ? undefined : shorten(environment.name.value, 120),
    permissions: permissionsOf(job),
    steps: job.steps.length,
    calls: call === undefined ? undefined : shorten(call.text.value, 200),
    condition: guard === undefined ? undefined : shorten(guard.text.value),
  };
}

/** What one definition says about itself; several documents of one file are one. */
export function describePipeline(
  file: string,
  pipelines: readonly [Pipeline, ...Pipeline[]],
): Pick<InspectedPipeline, 'file' | 'name' | 'platform' | 'kind' | 'triggers' | 'permissions' | 'jobs'> {
  const [first] = pipelines;
  const named = pipelines.find(({ name }) => name !== undefined)?.name?.value ?? file;
  const jobs = pipelines.flatMap((each) => each.jobs).filter((job) => !isGitlabJob(job) || !job.hidden);
  return {
    file,
    name: shorten(named, 200),
    platform: first.platform,
    kind: first.kind,
    triggers: pipelines
      .flatMap(({ triggers }) => triggers)
      .slice(0, TRIGGERS_MAX)
      .map(describeTrigger),
    permissions: {
      from: first.permissions === undefined ? 'default' : 'pipeline',
      scopes: scopesOf(first.permissions),
    },
    jobs: jobs.slice(0, JOBS_MAX).map(describeJob),
  };
}
