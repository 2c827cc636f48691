import type { GitlabJob, GitlabPipeline, Placed } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabPipelines } from '../../shared/gitlab-configurations.ts';
import { stagesOf } from '../../shared/gitlab-stages.ts';
import { suggest } from '../../shared/nearest-word.ts';

interface Missing extends Placed {
  readonly message: string;
}

/** Jobs of `parallel:` are named `test 1/3` or `test: [a, b]`. */
function baseName(name: string): string {
  return name.replace(/ \d+\/\d+$/, '').replace(/: \[[^\]]*\]$/, '');
}

const isComputed = (word: string): boolean => word.includes('$');

function missingParents(job: GitlabJob, names: ReadonlySet<string>): Missing[] {
  return job.extended
    .filter(({ value }) => !names.has(value) && !isComputed(value))
    .map(({ value, source, span }) => ({
      message: `"${job.id}" extends "${value}", which nothing defines${suggest(value, names)}`,
      source,
      span,
    }));
}

function missingNeeds(job: GitlabJob, names: ReadonlySet<string>): Missing[] {
  return job.needed.flatMap((need): Missing[] => {
    const name = baseName(need.job);
    const elsewhere = need.project !== undefined || need.pipeline !== undefined || need.optional;
    if (elsewhere || names.has(name) || names.has(need.job) || isComputed(name)) return [];
    const message = `"${job.id}" needs "${need.job}", which nothing defines${suggest(name, names)}`;
    return [{ message, source: need.source, span: need.span }];
  });
}

/** Jobs that would have to wait for themselves, or for what comes after them. */
function impossibleNeeds(job: GitlabJob, jobs: ReadonlyMap<string, GitlabJob>): Missing[] {
  const stages = stagesOf(job.pipeline);
  return job.needed.flatMap((need): Missing[] => {
    const other = need.project === undefined ? jobs.get(baseName(need.job)) : undefined;
    if (other === undefined) return [];
    const back = other.needed.some(
      ({ job: name, project }) => project === undefined && baseName(name) === job.id,
    );
    const later = stages.indexOf(other.stage) > stages.indexOf(job.stage) && stages.includes(job.stage);
    if (other !== job && !back && !later) return [];
    const why =
      other === job ? 'itself' : back ? `"${other.id}", which needs it` : `"${other.id}" of a later stage`;
    return [{ message: `"${job.id}" needs ${why}`, source: need.source, span: need.span }];
  });
}

function missingDependencies(job: GitlabJob, names: ReadonlySet<string>): Missing[] {
  const { dependencies = [], needed, place } = job;
  return dependencies
    .filter(({ value }) => !names.has(value) && !names.has(baseName(value)) && !isComputed(value))
    .filter(({ value }) => !needed.some((need) => need.job === value))
    .map((node) => ({
      message: `"${job.id}" takes artifacts of "${node.value}", which nothing defines${suggest(node.value, names)}`,
      source: place.source,
      span: place.span,
    }));
}

function missingStage(job: GitlabJob, stages: readonly string[]): Missing[] {
  const { stageWord } = job;
  if (stageWord === undefined || stages.includes(stageWord.value) || isComputed(stageWord.value)) return [];
  const message = `"${job.id}" is in the stage "${stageWord.value}", which is not among the stages${suggest(stageWord.value, stages)}`;
  return [{ message, source: stageWord.source, span: stageWord.span }];
}

function findMissing(pipeline: GitlabPipeline): Missing[] {
  const jobs = new Map(pipeline.jobs.map((job) => [job.id, job]));
  const names = new Set(jobs.keys());
  const stages = stagesOf(pipeline);
  // A name that is put in when it is included can be any.
  if ([...names, ...stages].some(isComputed)) return [];
  return pipeline.jobs
    .filter(({ hidden }) => !hidden)
    .flatMap((job) => [
      ...missingParents(job, names),
      ...missingNeeds(job, names),
      ...impossibleNeeds(job, jobs),
      ...missingDependencies(job, names),
      ...missingStage(job, stages),
    ]);
}

export const rule: Rule = {
  id: 'gitlab-undefined-reference',
  title: 'A job names what does not exist',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-456'], cis: [] },
  description:
    'Looks for jobs in `needs:` and `dependencies:`, parents in `extends:` and stages that nothing defines, and for jobs that need themselves or a later stage, when all files of the configuration are at hand.',
  why: 'GitLab refuses the whole configuration: no job runs, and a check that does not run stops nobody.',
  remedy: 'Correct the name; `needs: [{ job: name, optional: true }]` is for jobs that are not always there.',
  references: ['https://docs.gitlab.com/ci/yaml/#needs', 'https://docs.gitlab.com/ci/yaml/#extends'],
  aliases: [],

  repository(repository, context) {
    const whole = gitlabPipelines(repository).filter(({ kind, complete }) => complete && kind === 'workflow');
    for (const { message, source, span } of distinctPlaces(whole.flatMap(findMissing), (each) => each)) {
      context.reportIn(source, { at: span, message: message.slice(0, 190) });
    }
  },
};
