import type { GitlabJob, GitlabPipeline } from '#pipeline/gitlab/model.ts';

const DEFAULT_STAGES = ['build', 'test', 'deploy'];

/** The stages of a pipeline in the order in which they run. */
export function stagesOf(pipeline: GitlabPipeline): readonly string[] {
  return ['.pre', ...(pipeline.stages ?? DEFAULT_STAGES), '.post'];
}

/** Jobs of later stages that do not say what they wait for, and those that name this one. */
export function jobsAfter(job: GitlabJob): GitlabJob[] {
  const stages = stagesOf(job.pipeline);
  const own = stages.indexOf(job.stage);
  return job.pipeline.jobs.filter((other) => {
    if (other === job || other.hidden) return false;
    if (other.needed.length > 0) return other.needed.some((need) => need.job === job.id);
    return own !== -1 && stages.indexOf(other.stage) > own;
  });
}

/** Jobs that get the artifacts of this one, and with them the variables of its dotenv reports. */
export function receiversOf(job: GitlabJob): GitlabJob[] {
  return jobsAfter(job).filter((other) => {
    if (other.dependencies !== undefined) return other.dependencies.some(({ value }) => value === job.id);
    const need = other.needed.find((each) => each.job === job.id);
    return need === undefined || need.artifacts;
  });
}
