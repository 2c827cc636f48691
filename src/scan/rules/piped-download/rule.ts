import type { Rule } from '../../rule.ts';
import { describeReach } from '../../shared/job-reach.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { findPipedDownloads } from './find-piped-download.ts';
import { reportInGitlab } from './gitlab.ts';
import { reportOnSurfaces } from './surface.ts';

export const rule: Rule = {
  id: 'piped-download',
  title: 'A download runs unseen',
  severity: 'low',
  confidence: 'high',
  persona: 'auditor',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-3', 'CICD-SEC-9'], cwe: ['CWE-494', 'CWE-829'], cis: ['3.1.2'] },
  description:
    'Looks for scripts that are downloaded and piped into a shell or an interpreter. Everybody sees those in jobs that have secrets, identity tokens or a token that can write; the others are for auditors.',
  why: 'Whoever controls the server, or the account that the script is published with, decides on each run anew what the job does, with everything that the job has. Nothing of it is in the history of the repository.',
  remedy:
    'Download a release by its version, compare its hash with one that stands in the repository (`echo "<sha256>  file" | sha256sum --check`), and run it then; or take an action that is pinned to a commit.',
  references: ['https://about.codecov.io/security-update/'],
  incident: {
    name: 'Codecov',
    date: '2021-01',
    what: 'For two months the uploader that thousands of pipelines piped into bash sent their environment variables to the attackers.',
  },
  aliases: [
    'poutine/unverified_script_exec',
    'scorecard/Pinned-Dependencies',
    'semgrep/gha-curl-pipe-shell',
    'taudit/gha_remote_script_in_authority_job',
  ],

  repository(repository, context) {
    reportInGitlab(repository, context);
    reportOnSurfaces(repository, context);
  },
  job(job, context) {
    if (job.pipeline.platform !== 'github') return;
    const found = job.steps.flatMap(({ work }) => (work.kind === 'script' ? findPipedDownloads(work) : []));
    if (found.length === 0) return;
    const reach = describeReach(job);
    for (const { host, span } of found) {
      const from = host === undefined ? 'a download' : `what ${host.slice(0, 80)} sends`;
      context.report({
        at: span,
        message:
          reach === undefined
            ? `${from} runs without anybody having looked at it`
            : `${from} runs without anybody having looked at it, in a job with ${reach}`,
        severity: reach === 'secrets' || reach === 'an identity token' ? 'medium' : 'low',
        persona: reach === undefined ? 'auditor' : 'regular',
      });
    }
  },
};
