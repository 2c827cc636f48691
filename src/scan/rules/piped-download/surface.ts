import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { findHolder } from '../../shared/surface-credentials.ts';
import { nameJob, sharedScripts } from '../../shared/surface-jobs.ts';
import { findPipedDownloads } from './find-piped-download.ts';

/** The same on the platforms whose jobs say what they hold. */
export function reportOnSurfaces(repository: Repository, context: RepositoryContext): void {
  for (const { script, jobs } of sharedScripts(repository)) {
    const downloads = findPipedDownloads(script);
    if (downloads.length === 0) continue;
    const holder = findHolder(jobs);
    for (const { host, span } of downloads) {
      const from = host === undefined ? 'a download' : `what ${host.slice(0, 60)} sends`;
      const where = holder === undefined ? '' : `, in ${nameJob(holder.at.job)}, which has ${holder.held}`;
      context.reportIn(script.text.source, {
        at: span,
        message: `${from} runs without anybody having looked at it${where}`,
        severity: holder === undefined ? 'low' : 'medium',
        persona: holder === undefined ? 'auditor' : 'regular',
      });
    }
  }
}
