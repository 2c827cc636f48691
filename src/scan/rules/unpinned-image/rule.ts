import type { ImageUse, Job } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { describeReach } from '../../shared/job-reach.ts';
import { isOpenText } from '../../shared/open-value.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { findOnSurfaces } from './surface.ts';

type Used = Pick<ImageUse, 'reference' | 'text'>;

const EXPLANATION_OF_TAG =
  'A tag of an image can be moved to another image by whoever owns it, or has taken its owner’s token.';

type Role = 'container' | 'service' | 'step';

function check(image: Used, role: Role, job: Job, context: RuleContext): void {
  const { reference, text } = image;
  if (reference === undefined) return;
  const { name, pin, tag } = reference;
  if (pin === 'tag') {
    context.report({
      at: text.node,
      message: `the image ${name} of the ${role} is taken by the tag ${tag ?? ''}, which can be moved`,
      severity: 'info',
      persona: 'pedantic',
      explanation: EXPLANATION_OF_TAG,
    });
    return;
  }
  if (pin === 'computed' && isOpenText(text, { job }) && !text.value.includes('@sha256:')) {
    context.report({
      at: text.node,
      message: `nothing in this file says which image the ${role} of the job ${job.id} is`,
      remedy: 'Make sure that whoever gives the value gives a digest.',
      severity: 'info',
      confidence: 'low',
      persona: 'auditor',
    });
  }
  if (pin !== 'none') return;
  // Steps run inside of the container, with all that the job has; a service only stands beside them.
  const reach = role !== 'service' ? describeReach(job) : undefined;
  const which = `whichever image of ${name} is the newest`;
  context.report({
    at: text.node,
    message:
      reach === undefined
        ? `this ${role} of the job ${job.id} is ${which}`
        : `the job ${job.id}, which has ${reach}, runs in ${which}`,
    severity: reach === undefined ? 'low' : 'medium',
    persona: reach === undefined ? 'pedantic' : 'regular',
  });
}

export const rule: Rule = {
  id: 'unpinned-image',
  title: 'A job runs in an image that can change',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1', '3.1.2'] },
  description:
    'Looks for images of jobs, services and steps without a digest. Everybody sees those without a version (or `latest`) in which a job with secrets runs; the others are for people who want all of them pinned.',
  why: 'Every program that the steps start comes from the image. Whoever can push to its name gets what the job has, at its next run, without a change in the repository.',
  remedy:
    'Name the image by its digest and keep the tag in front of it: `image: name:1.2.3@sha256:<64 hex>`. Dependabot and Renovate update that form.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainer',
    'https://docs.docker.com/dhi/core-concepts/digests/',
  ],
  incident: {
    name: 'Trivy images',
    date: '2026-03',
    what: 'The tag `latest` of a scanner’s image was a version that stole credentials, for everybody who pulled it in those days.',
  },
  aliases: [
    'zizmor/unpinned-images',
    'ghalint/deny_job_container_latest_image',
    'scorecard/Pinned-Dependencies',
    'checkov/CKV_AZUREPIPELINES_1',
    'checkov/CKV_AZUREPIPELINES_2',
    'checkov/CKV_BITBUCKETPIPELINES_1',
    'checkov/CKV_CIRCLECIPIPELINES_1',
    'checkov/CKV_CIRCLECIPIPELINES_2',
  ],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context, { merge: true });
  },
  job(job, context) {
    if (job.pipeline.platform !== 'github') return;
    if (job.container !== undefined) check(job.container, 'container', job, context);
    for (const service of job.services) check(service, 'service', job, context);
  },
  step({ job, work }, context) {
    if (work.kind !== 'action' || job.pipeline.platform !== 'github') return;
    check({ text: work.text, reference: work.reference.image }, 'step', job, context);
  },
};
