import { findBuildCommand } from '#pipeline/github/build-commands.ts';
import { type Assumption, evaluateJob } from '#pipeline/guard.ts';
import type { Job, Permissions, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findHead } from '../../shared/foreign-code.ts';
import { openTriggers } from '../../shared/job-authority.ts';

/** Actions that ask for no identity token; of all others it is not known. */
const WITHOUT_IDENTITY =
  /^actions\/(?:checkout|setup-[\w-]+|cache|upload-artifact|download-artifact|github-script|stale|labeler|first-interaction)$/;
const IDENTITY =
  /ID_TOKEN|getIDToken|cosign|sigstore|provenance|attest|oidc|vouchgate|\b(?:aws|gcloud|az|vault|pulumi|terraform|tofu|kubectl|npm|twine|uv|cargo|gem)\b/i;

/** Only where every step is known: a step of unknown content may use the identity. */
function usesNoIdentity({ work, env }: Step): boolean {
  if (env.some(({ name }) => IDENTITY.test(name))) return false;
  if (work.kind === 'script') {
    return !IDENTITY.test(work.text.value) && findBuildCommand(work) === undefined;
  }
  if (work.kind !== 'action') return true;
  const inputs = work.inputs.some(({ value }) => value !== undefined && IDENTITY.test(value.value));
  return WITHOUT_IDENTITY.test(work.reference.repository) && !inputs;
}

function placeOf(permissions: Permissions): Span {
  return permissions.scopes.find(({ name }) => name === 'id-token')?.node ?? permissions.node;
}

const asPullRequest: Assumption = (path) =>
  path === 'github.event_name' ? { oneOf: ['pull_request'] } : undefined;

function reportOpen(job: Job, at: Span, context: RuleContext): boolean {
  const [trigger] = openTriggers(job, context);
  if (trigger === undefined) return false;
  const head = job.steps.map(findHead).find((found) => found !== undefined);
  const code = head === undefined ? '' : ', with code of a pull request in it';
  context.report({
    at,
    message: `the job ${job.id} can get identity tokens in a run that anybody causes with ${trigger.event}${code}`,
    severity: head === undefined ? 'medium' : 'high',
    related: [
      { at: trigger.node, label: 'anybody can cause it' },
      ...(head === undefined ? [] : [{ at: head.span, label: 'code of a pull request comes in' }]),
    ],
    key: `${job.id} open`,
  });
  return true;
}

function reportPullRequest(job: Job, at: Span, context: RuleContext): void {
  const trigger = job.pipeline.triggers.find(({ event }) => event === 'pull_request');
  if (trigger === undefined || job.environment !== undefined) return;
  if (evaluateJob(job, asPullRequest) === 'false') return;
  context.report({
    at,
    message: `the job ${job.id} can get identity tokens for a pull request from a branch of the repository, before anybody reviewed it`,
    severity: 'low',
    persona: 'auditor',
    related: [{ at: trigger.node, label: 'not for pull requests from forks' }],
    key: `${job.id} pull request`,
  });
}

export const rule: Rule = {
  id: 'identity-token-exposure',
  title: 'Identity tokens for a run that should have none',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  needs: ['id-token', 'write-all'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-2', 'CICD-SEC-5'], cwe: ['CWE-250', 'CWE-287'], cis: ['2.3.5'] },
  description:
    'Looks for `id-token: write` in jobs that outsiders start, in jobs for pull requests without an environment, and in jobs of which no step uses it.',
  why: 'With an identity token the run gets whatever clouds and registries grant to this repository. A run for an issue or a comment has the subject of the default branch, which is often all that a trust policy asks for.',
  remedy:
    'Remove `id-token: write` from this job. What needs an identity goes into a job of its own, with an `environment:`, that runs for reviewed code only; let trust policies ask for that environment.',
  references: ['https://docs.github.com/en/actions/reference/security/oidc'],
  incident: {
    name: 'TanStack (CVE-2026-45321)',
    date: '2026-05',
    what: 'Code that came in through a cache took the identity token of the release job from memory, and published with it.',
  },
  aliases: ['trajan/oidc-fork-pr-mintable-subject'],

  job(job, context) {
    const permissions = effectivePermissions(job);
    const { declared } = permissions;
    if (declared === undefined || permissions.access('id-token') !== 'write') return;
    if (job.pipeline.kind !== 'workflow') return;
    const at = placeOf(declared);
    if (reportOpen(job, at, context)) return;
    if (declared === job.permissions && job.call === undefined && job.steps.every(usesNoIdentity)) {
      context.report({
        at,
        message: `no step of the job ${job.id} uses an identity token`,
        severity: 'low',
        persona: 'pedantic',
        remedy: 'Remove `id-token: write` from the job.',
        key: `${job.id} unused`,
      });
      return;
    }
    reportPullRequest(job, at, context);
  },
};
