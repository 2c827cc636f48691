import type { Job, Platform } from '#pipeline/model.ts';
import { findEntry } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule } from '../../rule.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { findOnSurfaces } from './surface.ts';

/** The other platforms end a job by themselves, after an hour or two. */
const neverEnds = (platform: Platform) => platform === 'argo' || platform === 'jenkins';

const limited = (node: YamlNode) => findEntry(node, 'timeout-minutes') !== undefined;

function hasNoLimit(job: Job): boolean {
  if (job.call !== undefined || job.steps.length === 0 || limited(job.node)) return false;
  return !job.steps.every(({ node }) => limited(node));
}

export const rule: Rule = {
  id: 'missing-timeout',
  title: 'A job may run for six hours',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github', ...surfacePlatforms.filter(neverEnds)],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-770'], cis: [] },
  description:
    'Looks for jobs without `timeout-minutes`, of their own or on each of their steps, and for pipelines of Jenkins and Argo, which never end a run by themselves, without any limit.',
  why: 'A job that hangs, or that somebody keeps busy, holds its runner for six hours, on own runners for days: others wait, minutes are paid, and whoever got in has that long a token.',
  remedy: 'Add `timeout-minutes: 15` to the job: about twice what it needs.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes',
  ],
  aliases: ['ghalint/job_timeout_minutes_is_required', 'sisakulint/missing-timeout-minutes'],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow' || pipeline.platform !== 'github') return;
    const endless = pipeline.jobs.filter(hasNoLimit);
    const [first] = endless;
    if (first === undefined) return;
    const names = endless.slice(0, 4).map(({ id }) => id.slice(0, 30));
    const more = endless.length > names.length ? ` and ${endless.length - names.length} more` : '';
    const [verb, what] = endless.length === 1 ? ['has', 'the job'] : ['have', 'the jobs'];
    context.report({
      at: first.key,
      message: `${what} ${names.join(', ')}${more} ${verb} no limit of time`,
      related: endless.slice(1, 10).map(({ key, id }) => ({ at: key, label: `${id} has none either` })),
      key: 'timeout-minutes',
    });
  },
};
