import type { FindingSeverity } from '#api/finding.ts';
import type { Pipeline, PipelineFinding, PipelineJob } from '#api/pipeline.ts';
import { SEVERITIES } from './search.ts';

/** Findings between the first line of a job and that of the next one. */
export function findingsOfJob(job: PipelineJob, { file, jobs, findings }: Pipeline): PipelineFinding[] {
  const next = jobs.map(({ line }) => line).filter((line) => line > job.line);
  const end = next.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...next);
  return findings.filter(
    ({ place, accepted }) =>
      accepted === null && place.file === file && place.line >= job.line && place.line < end,
  );
}

export function worstOf(findings: readonly PipelineFinding[]): FindingSeverity | undefined {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity));
}
