import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { gitlabScriptLines, hasAuthority, nameJobs } from '../../shared/gitlab-configurations.ts';
import { findPipedDownloads } from './find-piped-download.ts';

/** The same in jobs of GitLab, whose lines may be shared by many of them. */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  for (const { text, jobs } of gitlabScriptLines(repository)) {
    const script = { kind: 'script', text, shell: undefined, workingDirectory: undefined } as const;
    const trusted = jobs.filter(hasAuthority);
    for (const { host, span } of findPipedDownloads(script)) {
      const from = host === undefined ? 'a download' : `what ${host.slice(0, 80)} sends`;
      context.reportIn(text.source, {
        at: span,
        message:
          trusted.length === 0
            ? `${from} runs without anybody having looked at it`
            : `${from} runs without anybody having looked at it, in ${nameJobs(trusted).slice(0, 70)}, which has credentials of its own`,
        severity: trusted.length === 0 ? 'low' : 'medium',
        persona: trusted.length === 0 ? 'auditor' : 'regular',
      });
    }
  }
}
