/** What the linter looks for: ids are API (problems, waivers, the reference page). */
export const lintCatalogue = [
  {
    id: 'trusts-whole-issuer',
    severity: 'error',
    title: 'A permit that any job of the platform can use',
    why: 'GitHub and GitLab sign tokens for everybody: whoever has a free account has a token of the same issuer.',
    remedy:
      'Bind the permit to a project: `principal in Project::"github/<project id>"`, or to an organisation: `principal in Org::"github/<org id>"`.',
  },
  {
    id: 'mutable-name-only',
    severity: 'error',
    title: 'A permit that trusts a name',
    why: 'Names of projects, organisations and people can be renamed, released and registered again by somebody else; ids cannot.',
    remedy:
      'Bind the permit to the id: `principal in Project::"github/<project id>"`. `vouchgate whoami` in a job prints it.',
  },
  {
    id: 'subject-is-a-name',
    severity: 'warning',
    title: 'A permit for one subject',
    why: 'The subject of most platforms is made of names (project path, branch, environment) and changes hands with them.',
    remedy:
      'Use `principal in Project::"github/<project id>"` with conditions on ref and environment instead of `principal == Workload::"…"`.',
  },
  {
    id: 'ambiguous-provider',
    severity: 'warning',
    title: 'An id without the identity provider it belongs to',
    why: 'Two platforms number their projects independently: project 123 exists on both.',
    remedy:
      'Name the project as an entity, which carries the provider: `principal in Project::"github/<project id>"`, or add `principal.provider == "github"`.',
  },
  {
    id: 'privileged-without-context',
    severity: 'error',
    title: 'A privileged resource for every job of a project',
    why: 'Whoever can push a branch or open a pull request runs jobs of the project; the job for production must be told apart.',
    remedy:
      'Add a condition on ref, environment, trigger or pipeline definition: `principal has ref.full && principal.ref.full == "refs/heads/main"`.',
  },
  {
    id: 'unconstrained-resource',
    severity: 'warning',
    title: 'A permit for every resource',
    why: 'It also covers resources that are added later. It is an error as soon as a privileged resource exists.',
    remedy:
      'Name the resource in the scope: `resource == Resource::"shop-db"`, or a tag of it in a condition.',
  },
  {
    id: 'negated-guard-only',
    severity: 'warning',
    title: 'Conditions that only say what must not be',
    why: '`trigger != "pull_request"` lets through every trigger that the platform has or will have, such as `pull_request_target`.',
    remedy: 'Say what must be: `principal has trigger && principal.trigger == "push"`.',
  },
  {
    id: 'pull-request-target',
    severity: 'warning',
    title: 'A privileged permit that pins the ref and not the trigger',
    why: "On GitHub `pull_request_target` and `workflow_run` jobs carry the base branch's ref and identity while they may run a stranger's code.",
    remedy:
      'Pin the trigger, too: `principal has trigger && ["push", "workflow_dispatch"].contains(principal.trigger)`.',
  },
  {
    id: 'fork-not-excluded',
    severity: 'warning',
    title: 'A privileged permit that code from a fork may reach',
    why: 'Without ref, trigger or `forked` in the conditions, a job that runs the code of a fork fits as well.',
    remedy: 'Add `principal has forked && !principal.forked`, or pin ref and trigger.',
  },
  {
    id: 'unreachable',
    severity: 'error',
    title: 'A policy that can never apply',
    why: 'It names an identity provider that is not configured, so that a forbid protects nothing and a permit allows nothing.',
    remedy:
      'Begin the id with the name of an entry of identityProviders in vouchgate.yaml: `Project::"github/<project id>"`.',
  },
  {
    id: 'posture-unknown-passes',
    severity: 'error',
    title: 'A policy that what cannot be inspected passes',
    why: 'Whoever can make the inspection fail (a commit that the mirror does not have, a definition too large to read) would get past it: unknown is not clean.',
    remedy:
      'Say what must be, and let absence deny: `forbid (…) unless { context has posture && context.posture.grade == "pass" }`, or the same condition in the permit.',
  },
  {
    id: 'posture-without-source',
    severity: 'error',
    title: 'A policy on posture that nobody finds out',
    why: 'Without `posture` in vouchgate.yaml no pipeline is inspected: `context.posture` is always absent, and a policy that demands it denies everything.',
    remedy: 'Add `posture` to vouchgate.yaml (docs/guides/gate.md), or remove the condition.',
  },
  {
    id: 'posture-grade-unknown',
    severity: 'error',
    title: 'A grade that does not exist',
    why: 'Grades are `pass`, `warn` and `fail`: a comparison with anything else never holds.',
    remedy: 'Write `context.posture.grade == "pass"`, or `["pass", "warn"].contains(context.posture.grade)`.',
  },
  {
    id: 'posture-not-demanded',
    severity: 'warning',
    title: 'A privileged permit that does not ask how the pipeline is',
    why: 'The server inspects pipelines, and this permit gives a privileged credential to one that it found a hole in.',
    remedy:
      'Add `context has posture && context.posture.grade == "pass"`, or one forbid for all: `forbid (principal, action, resource) unless { … }`.',
  },
] as const;

export type LintId = (typeof lintCatalogue)[number]['id'];

export type LintEntry = (typeof lintCatalogue)[number];

const byId = new Map<string, LintEntry>(lintCatalogue.map((entry) => [entry.id, entry]));

export function lintEntry(id: string): LintEntry | undefined {
  return byId.get(id);
}
