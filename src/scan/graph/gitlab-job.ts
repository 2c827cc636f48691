import { type GitlabJob, isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Job } from '#pipeline/model.ts';

export function isGitlabJob(job: Job): job is GitlabJob {
  return isGitlabPipeline(job.pipeline);
}
