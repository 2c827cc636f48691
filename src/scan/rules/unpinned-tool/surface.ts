import type { Repository } from '#pipeline/repository.ts';
import { findHolder } from '../../shared/surface-credentials.ts';
import { jobsOf, surfacePipelines } from '../../shared/surface-jobs.ts';
import type { Candidate } from '../../shared/surface-report.ts';

/** Programs that tasks, orbs and plugins install without a version. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    const tools = (pipeline.surface?.imports ?? []).filter(
      ({ kind, pin, immutable }) => kind === 'tool' && !immutable && (pin === 'none' || pin === 'branch'),
    );
    if (tools.length === 0) return [];
    const holder = findHolder(jobsOf(pipeline));
    return tools.map(({ name, source, span }) => ({
      source,
      span,
      report: {
        message: `this installs whatever ${name.slice(0, 60)} is the newest${holder === undefined ? '' : `, in a pipeline that has ${holder.held}`}`,
        persona: holder === undefined ? ('pedantic' as const) : ('regular' as const),
        key: name,
      },
    }));
  });
}
