import type { Persona, Severity } from '#findings/severity.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { gitlabScriptLines, nameJobs } from '../../shared/gitlab-configurations.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';

const ADDRESS = /https?:\/\/(?:[\w.${}-]{1,80}:)?\$(?:\{(\w{1,80})\}|(\w{1,80}))@[\w.${-]/;
const TOKEN = /token|secret|passw(?:or)?d|(?:^|_)pat(?:_|$)/i;
/** Changes what the folder of the project knows as its remote; it stays when the job is over. */
const STAYS = /\bgit\b.*\b(?:remote\s+(?:add|set-url)|config)\b|\binsteadOf\b/i;
/** Over with the job, and what GitLab’s own documentation shows. */
const ENDS = new Set(['CI_JOB_TOKEN', 'CI_REGISTRY_PASSWORD', 'CI_DEPENDENCY_PROXY_PASSWORD']);

function judge(name: string, stays: boolean): { severity: Severity; persona: Persona } {
  if (ENDS.has(name)) return { severity: 'low', persona: 'auditor' };
  return stays ? { severity: 'medium', persona: 'regular' } : { severity: 'low', persona: 'pedantic' };
}

/** Runners keep the folder of a project for its next job, with `.git/config` in it. */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  for (const { text, jobs } of gitlabScriptLines(repository)) {
    for (const line of shellLinesOf(text)) {
      const match = ADDRESS.exec(line.code);
      const name = match?.[1] ?? match?.[2] ?? '';
      if (match === null || !TOKEN.test(name) || !/\bgit\b/.test(line.code)) continue;
      const stays = STAYS.test(line.code);
      const where = nameJobs(jobs).slice(0, 60);
      context.reportIn(text.source, {
        at: line.locate(match.index, match.index + match[0].length),
        message: stays
          ? `$${name} stays in \`.git/config\` of the runner after ${where}`
          : `$${name} stands in an address on the command line of Git in ${where}`,
        explanation:
          'The folder of the project stays on the runner for the next job, which may be one of a merge request, and `.git/config` with it. The address also stands in the list of processes and in messages of Git.',
        remedy:
          'Hand the token over for one command only: `git -c http.extraHeader="Authorization: Basic $(printf "oauth2:%s" "$TOKEN" | base64 -w0)" push …`, or let the job token push where the project allows it.',
        ...judge(name, stays),
        confidence: 'medium',
        key: `${name} ${match.index}`,
      });
    }
  }
}
