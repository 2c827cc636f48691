import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';
import {
  findForeignVariable,
  type ForeignVariable,
  mayHoldManyLines,
} from '../../shared/gitlab-foreign-variables.ts';
import { receiversOf } from '../../shared/gitlab-stages.ts';
import { type ShellLine, shellLinesOf } from '../../shared/shell-lines.ts';

interface Write {
  readonly text: Text;
  readonly line: ShellLine;
  readonly variable: ForeignVariable;
}

/** Lines that put somebody else's text into one of the files that become variables. */
function findWrites(job: GitlabJob, files: readonly string[]): Write[] {
  return job.steps.flatMap(({ work }) => {
    if (work.kind !== 'script') return [];
    return shellLinesOf(work.text).flatMap((line) => {
      const writes = />|\btee\b/.test(line.code) && files.some((file) => line.code.includes(file));
      const variable = writes ? findForeignVariable(line.code, [job]) : undefined;
      return variable === undefined ? [] : [{ text: work.text, line, variable }];
    });
  });
}

export const rule: Rule = {
  id: 'gitlab-dotenv-injection',
  title: 'Text of others becomes variables of later jobs',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-93', 'CWE-15'], cis: ['2.3.1'] },
  description:
    'Looks for scripts that write predefined variables with text of others (messages, descriptions, titles) into a file of `artifacts:reports:dotenv`.',
  why: 'Each line of such a file sets a variable in the jobs after it, and stands above their own `variables:`. A commit message with a second line sets what it likes: a `PATH`, a `DOCKER_HOST`, the address of a registry, `BASH_ENV`.',
  remedy:
    'Write only what cannot hold a line: `echo "REF=$CI_COMMIT_REF_SLUG" >> build.env`. Let the later job read the predefined variable itself; it is there in every job.',
  references: [
    'https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv',
    'https://docs.gitlab.com/ci/variables/job_scripts/',
  ],
  aliases: ['taudit/dotenv_artifact_flows_to_privileged_deployment'],

  repository(repository, context) {
    const seen = new Set<string>();
    for (const job of gitlabJobs(repository)) {
      const files = job.reports.filter(({ kind }) => kind === 'dotenv').flatMap(({ paths }) => paths);
      if (files.length === 0) continue;
      const receivers = receiversOf(job);
      const trusted = receivers.find(hasAuthority);
      for (const { text, line, variable } of findWrites(job, files)) {
        const place = `${text.source.file} ${text.node.start} ${line.start}`;
        if (seen.has(place)) continue;
        seen.add(place);
        const many = mayHoldManyLines(variable);
        const [first] = trusted === undefined ? receivers : [trusted];
        const to = first === undefined ? 'later jobs' : `"${first.id.slice(0, 50)}"`;
        context.reportIn(text.source, {
          at: line.locate(0, line.code.length),
          message: many
            ? `a line break in $${variable.origin} sets any variable of ${to}`
            : `$${variable.origin}, which others write, becomes a variable of ${to}`,
          severity: many ? (trusted === undefined ? 'medium' : 'high') : 'low',
          persona: many ? 'regular' : 'pedantic',
          related: job.reports.map(({ place: report }) => ({
            at: report.span,
            source: report.source,
            label: 'the file becomes variables here',
          })),
        });
      }
    }
  },
};
