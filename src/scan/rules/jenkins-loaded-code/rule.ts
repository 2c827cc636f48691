import { isJenkinsPipeline, type JenkinsJob } from '#pipeline/jenkins/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from '../../rule.ts';
import { describeSetting, exposureOf, runsForeignCode } from '../../shared/surface-exposure.ts';
import { nameJob } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

function toCandidates(job: JenkinsJob): Candidate[] {
  if (job.surface === undefined || job.loadedCode.length === 0) return [];
  const exposure = exposureOf(job.surface, runsForeignCode);
  const { start, reach } = exposure;
  if (start === undefined || (reach !== 'full' && reach !== 'bare')) return [];
  return job.loadedCode.map(
    ({ what, ...place }): Candidate => ({
      ...place,
      report: {
        // Whether pull requests of outsiders are built at all stands in Jenkins.
        persona: start.setting === undefined ? 'regular' : 'pedantic',
        confidence: start.setting === undefined ? 'high' : 'medium',
        message: `${start.what} brings the Groovy that \`${what}\` runs in ${nameJob(job)}${describeSetting(exposure)}`,
        key: `${job.id} ${what}`,
      },
    }),
  );
}

function findLoads(repository: Repository): Candidate[] {
  return repository.pipelines.filter(isJenkinsPipeline).flatMap(({ jobs }) => jobs.flatMap(toCandidates));
}

export const rule: Rule = {
  id: 'jenkins-loaded-code',
  title: 'Groovy of a pull request runs in the pipeline',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['jenkins'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-94', 'CWE-829'], cis: ['2.3.3'] },
  description:
    'Looks for `load` and `evaluate` in builds of pull requests. Where a setting in Jenkins decides about such builds, pedants see it.',
  why: 'Jenkins takes the Jenkinsfile of outsiders from the target branch, and so keeps them from changing the pipeline. A file that the pipeline loads from the checkout is theirs again: it runs as part of the pipeline, with `withCredentials` for every credential of the folder.',
  remedy:
    'Take shared steps from a shared library, or run them for branches only: `when { not { changeRequest() } }`. `readTrusted` reads a file as the target branch has it.',
  references: [
    'https://www.jenkins.io/doc/pipeline/steps/workflow-multibranch/#readtrusted-read-trusted-file-from-scm',
  ],
  aliases: [],

  repository(repository, context) {
    reportWorst(findLoads(repository), rule, context);
  },
};
