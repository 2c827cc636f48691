import type { RepositoryContext, Rule } from '../../rule.ts';
import { findTrust } from '../../trust/find-trust.ts';
import type { FoundTrust } from '../../trust/found-trust.ts';
import type { Openness } from '../../trust/openness.ts';
import { reachOf, type TrustReach } from '../../trust/reach.ts';
import { audienceRemedy, remedyFor } from './remedy.ts';
import { weigh } from './weigh.ts';

const NAMED_MAX = 4;
/** Of these there is something else to be said, or nothing is known. */
const WITHOUT_MORE: ReadonlySet<Openness> = new Set(['anyone', 'unknown', 'nobody']);

/** Jobs of this repository that get in, each once. */
function relatedOf(reach: readonly TrustReach[]) {
  const first = new Map(
    reach.map(({ job, trigger, outside }) => [job, { trigger, outside }] as const).toReversed(),
  );
  return [...first]
    .slice(-NAMED_MAX)
    .toReversed()
    .map(([job, { trigger, outside }]) => ({
      at: job.key,
      source: job.pipeline.source,
      label: `this job gets in on ${trigger.event}${outside ? ', which outsiders cause' : ''}`,
    }));
}

function reportOpen(trust: FoundTrust, context: RepositoryContext): void {
  const reach = reachOf(trust, context.repository);
  const weight = weigh(trust, reach);
  if (weight === undefined) return;
  const also = trust.alsoExact && !WITHOUT_MORE.has(trust.openness) ? ', beside one that is named' : '';
  context.reportIn(trust.source, {
    ...weight,
    at: trust.at,
    message: `${trust.name.slice(0, 60)} can be taken by ${trust.takenBy.replaceAll('`', '').slice(0, 110)}${also}`,
    remedy: remedyFor(trust, reach),
    related: [
      ...(trust.head.start === trust.at.start ? [] : [{ at: trust.head, label: 'is what they get' }]),
      ...relatedOf(reach),
    ],
    key: `${trust.name} ${trust.openness} ${trust.takenBy}`,
  });
}

function reportAudience(trust: FoundTrust, context: RepositoryContext): void {
  if (!trust.withoutAudience || WITHOUT_MORE.has(trust.openness)) return;
  context.reportIn(trust.source, {
    at: trust.head,
    message: `${trust.name.slice(0, 60)} takes tokens that were made for another service: nothing compares \`aud\``,
    severity: 'low',
    confidence: 'medium',
    persona: 'auditor',
    remedy: audienceRemedy(trust),
    key: `${trust.name} audience`,
  });
}

export const rule: Rule = {
  id: 'trust-policy-too-open',
  title: 'A cloud accepts identities of more pipelines than it should',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab', 'circleci', 'bitbucket', 'azure'],
  standards: { cicdSec: ['CICD-SEC-2', 'CICD-SEC-5'], cwe: ['CWE-284', 'CWE-863'], cis: ['2.3.8'] },
  description:
    'Looks at what Terraform, CloudFormation and policies in JSON say about who may take a role of AWS, a workload identity pool of Google Cloud or an application of Azure with a token of GitHub, GitLab, CircleCI, Buildkite, Bitbucket or HCP Terraform: no comparison of the subject, a whole organisation, any branch, pull requests. Jobs of the same repository that get in are named. How bad it is follows from who gets in, and from whether the name or its policies speak of production; patterns, pull requests of a role for reading, a missing audience, and subjects that no token has are for auditors.',
  why: 'The trust policy is the only lock in front of the cloud: there is no password any more. The issuer is the same for all its customers, so a policy that compares only the audience lets each of them in. One that takes any branch gives production to whoever can push one, before anybody looked at it; a workflow that names an environment which is not there makes that environment, without rules.',
  remedy:
    'Compare the whole subject by equality, for one environment or one protected branch: `repo:acme/shop:environment:production`.',
  references: [
    'https://docs.github.com/en/actions/reference/security/oidc',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
    'https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines',
    'https://docs.gitlab.com/ci/cloud_services/',
  ],
  aliases: [
    'checkov/CKV_AWS_358',
    'checkov/CKV_AWS_393',
    'checkov/CKV_GCP_118',
    'checkov/CKV_GCP_125',
    'checkov/CKV_AZURE_249',
  ],

  repository(repository, context) {
    for (const trust of findTrust(repository)) {
      reportOpen(trust, context);
      reportAudience(trust, context);
    }
  },
};
