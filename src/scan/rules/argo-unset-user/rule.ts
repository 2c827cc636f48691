import type { Repository } from '#pipeline/repository.ts';
import { asBoolean, asScalar, findValue } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule } from '../../rule.ts';
import { nameJobs, surfaceJobs, type SurfaceJob } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

/** Says that a container is not root’s, or root’s: both are said, and not left to the image. */
function saysUser(node: YamlNode | undefined): boolean {
  const context = findValue(node, 'securityContext');
  return (
    asBoolean(findValue(context, 'runAsNonRoot')) === true ||
    asScalar(findValue(context, 'runAsUser')) !== undefined
  );
}

/** A template of Argo: its own words, those of its container, or those of the whole workflow. */
function leavesUserOpen({ job }: SurfaceJob): boolean {
  const { node, pipeline } = job;
  const spec = findValue(pipeline.node, 'spec');
  const shared = [spec, findValue(spec, 'workflowSpec'), findValue(spec, 'templateDefaults')];
  const own = [node, findValue(node, 'container'), findValue(node, 'script')];
  return ![...shared, ...own].some(saysUser);
}

/** Pods take the user of their image, which is root for most images; one finding for each workflow. */
function findImplicitRoots(repository: Repository): Candidate[] {
  const jobs = surfaceJobs(repository).filter(
    (each) => each.job.pipeline.platform === 'argo' && each.job.steps.length > 0 && leavesUserOpen(each),
  );
  return [...Map.groupBy(jobs, ({ job }) => job.pipeline).values()].flatMap((open) => {
    const [first] = open;
    if (first === undefined) return [];
    const report = {
      message: `${nameJobs(open)} ${open.length === 1 ? 'runs' : 'run'} as the user of the image, which is root for most images`,
      key: 'user',
    };
    return [{ source: first.job.pipeline.source, span: first.job.key, report }];
  });
}

export const rule: Rule = {
  id: 'argo-unset-user',
  title: 'A workflow leaves it to the image whether it is root',
  severity: 'info',
  confidence: 'low',
  persona: 'auditor',
  platforms: ['argo'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-250'], cis: ['2.1.3'] },
  description:
    'Looks for templates of Argo Workflows for which neither the workflow, nor the template, nor its container says which user they run as.',
  why: 'Root in a container is one hole of the kernel, or one mounted folder, away from root on the machine, where the other pods and their credentials are.',
  remedy: 'Say that it is not root: `securityContext: { runAsNonRoot: true, runAsUser: 65532 }` in `spec:`.',
  references: ['https://argo-workflows.readthedocs.io/en/latest/workflow-pod-security-context/'],
  aliases: ['checkov/CKV_ARGO_2'],

  repository(repository, context) {
    reportWorst(findImplicitRoots(repository), rule, context);
  },
};
