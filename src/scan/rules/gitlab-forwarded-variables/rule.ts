import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';
import { findForeignVariable } from '../../shared/gitlab-foreign-variables.ts';

function nameTarget({ trigger }: GitlabJob): string {
  const project = trigger?.project?.value;
  return project === undefined ? 'the child pipeline' : `a pipeline of ${project.slice(0, 80)}`;
}

export const rule: Rule = {
  id: 'gitlab-forwarded-variables',
  title: 'A downstream pipeline gets variables that others choose',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-5'], cwe: ['CWE-15', 'CWE-200'], cis: ['2.3.1'] },
  description:
    'Looks for `trigger:` with `forward: { pipeline_variables: true }`, and for text of others in the variables of a downstream pipeline of another project.',
  why: 'Variables that a run was started with stand above all that the downstream files say: whoever may start this pipeline sets any variable of that one, and values that were given by hand, credentials too, go to another project.',
  remedy:
    'Remove `forward:pipeline_variables`, and hand over what is needed by `inputs:` with types and `options:`.',
  references: [
    'https://docs.gitlab.com/ci/yaml/#triggerforward',
    'https://docs.gitlab.com/ci/pipelines/downstream_pipelines/',
  ],
  aliases: [],

  repository(repository, context) {
    const jobs = gitlabJobs(repository);
    const forwards = jobs.flatMap((job) => {
      const place = job.trigger?.forwardsPipelineVariables;
      return place === undefined ? [] : [{ ...place, job }];
    });
    for (const { job, source, span } of distinctPlaces(forwards, (each) => each)) {
      context.reportIn(source, {
        at: span,
        message: `whoever starts this pipeline sets any variable of ${nameTarget(job)}`,
        key: job.id,
      });
    }
    const handed = jobs.flatMap((job) =>
      job.trigger?.project === undefined
        ? []
        : job.env.flatMap(({ name, value }) => {
            const found = value === undefined ? undefined : findForeignVariable(value.value, []);
            return value === undefined || found?.shape !== 'text'
              ? []
              : [{ job, name, origin: found.origin, source: value.source, span: value.node }];
          }),
    );
    for (const { job, name, origin, source, span } of distinctPlaces(handed, (each) => each)) {
      context.reportIn(source, {
        at: span,
        message: `${nameTarget(job)} gets $${origin}, which others write, as ${name.slice(0, 50)}`,
        key: `${job.id} ${name}`,
      });
    }
  },
};
