import type { Repository } from '#pipeline/repository.ts';
import { type CredentialInsertion, isJenkinsPipeline } from '#pipeline/jenkins/model.ts';
import type { Rule } from '../../rule.ts';
import { nameJob, surfaceJobs } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

function toCandidate(same: readonly CredentialInsertion[], job: string): Candidate | undefined {
  const [first, ...others] = same;
  if (first === undefined) return undefined;
  const { text, start, end, variable, credential } = first;
  return {
    source: text.source,
    span: text.span(start, end),
    report: {
      message: `Groovy writes ${variable.slice(0, 40)} (the credentials ${credential.slice(0, 40)}) into a command of ${job}`,
      remedy: `Write the command in single quotes, \`'… $${variable.slice(0, 40)} …'\`, so that the shell reads the variable itself.`,
      related: others
        .slice(0, 5)
        .map((other) => ({ at: text.span(other.start, other.end), source: text.source, label: 'and here' })),
      key: variable,
    },
  };
}

function findInsertions(repository: Repository): Candidate[] {
  return repository.pipelines.filter(isJenkinsPipeline).flatMap(({ jobs }) =>
    jobs.flatMap((job) => {
      const grouped = Map.groupBy(
        job.credentialInsertions,
        ({ text, variable }) => `${text.source.file} ${text.node.start} ${variable}`,
      );
      return [...grouped.values()].flatMap((same) => toCandidate(same, nameJob(job)) ?? []);
    }),
  );
}

export const rule: Rule = {
  id: 'jenkins-interpolated-credential',
  title: 'Groovy writes a credential into a command',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['jenkins'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-522', 'CWE-214'], cis: ['2.3.8'] },
  description:
    'Looks for variables of `withCredentials`, `environment { X = credentials(…) }` and their like that stand in a command in double quotes, where Groovy replaces them before the shell starts.',
  why: 'The command then holds the credential itself: the list of processes shows it to every user of the agent, the script that Jenkins writes to the workspace keeps it, and masking fails for all that the shell changes about it. A password with `$`, `"` or a blank in it is run as code.',
  remedy:
    'Write the command in single quotes, so that the shell reads the variable itself: `sh \'curl -u "$USER:$TOKEN" …\'`.',
  references: ['https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#string-interpolation'],
  aliases: [],

  repository(repository, context) {
    if (surfaceJobs(repository).length > 0) reportWorst(findInsertions(repository), rule, context);
  },
};
