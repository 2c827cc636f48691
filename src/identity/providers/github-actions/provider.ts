import { z } from 'zod';
import type { IdentityProviderKind, Normalisation, VerifiedClaims } from '../../provider.ts';
import { type ClaimFault, group, normalised, readFlag, readText } from '../../read-claims.ts';

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

export const provider: IdentityProviderKind<Settings> = {
  id: 'github-actions',
  title: 'GitHub Actions',
  description:
    'Jobs of GitHub Actions: github.com, an enterprise with its own issuer (`issuer: https://token.actions.githubusercontent.com/SLUG`), data residency (`https://token.actions.NAME.ghe.com`) and GitHub Enterprise Server (`https://HOST/_services/token`).',
  settings: Settings,
  defaultIssuer: 'https://token.actions.githubusercontent.com',
  algorithmsDefault: ['RS256'],
  lifetimeSecondsMax: 900,
  claimsRequired: ['repository_id', 'repository_owner_id', 'repository', 'ref', 'event_name', 'run_id'],
  immutableAttributes: ['project.id', 'org.id'],
  pitfalls: [
    'A workflow on `pull_request_target` or `workflow_run` has the identity of the base repository while it may run code of a pull request: demand the trigger in every policy for a privileged resource.',
    'Names can be given up and taken over by others: pin `project.id` or `org.id`, never the path alone.',
    'The format of `sub` depends on repository, organisation and age (`repo:o/r:…`, `repo:o@1/r@2:…`, custom keys). It is never parsed; match the structured attributes.',
    'In a job with an environment, `sub` no longer tells the ref: demand `ref.full` beside the environment.',
    '`callee` is the reusable workflow that was called. It does not say which branch called it: demand `ref.full` too.',
    '`actor` is who pushed or re-ran, not who approved.',
    'Jobs of pull requests from forks get no token, unless a private repository sends write tokens to them; so `forked` stays absent.',
    'Every step of a job can request a token: what one step may have, all its actions may have.',
  ],
  tokenSource: {
    setup: 'Give the job `permissions: id-token: write`.',
    detect: ['GITHUB_ACTIONS'],
  },
  normalise,
};

function normalise(claims: VerifiedClaims): Normalisation {
  const fault: ClaimFault = { refused: undefined };
  const text = (name: string) => readText(claims, name, fault);
  const path = text('repository');
  const runId = text('run_id');
  const attempt = text('run_attempt');
  const environment = text('environment');
  const workflow = text('workflow_ref');
  const called = text('job_workflow_ref');
  return normalised(
    {
      org: group({ id: text('repository_owner_id'), name: text('repository_owner') }),
      project: group({ id: text('repository_id'), path, visibility: text('repository_visibility') }),
      ref: group({
        full: text('ref'),
        type: text('ref_type'),
        protected: readFlag(claims, 'ref_protected', fault),
      }),
      commit: text('sha'),
      trigger: text('event_name'),
      environment: environment === undefined ? undefined : { name: environment },
      config: group({ uri: workflow, sha: text('workflow_sha') }),
      // GitHub fills job_workflow_ref in for every job; only where it differs did the job come from elsewhere.
      callee:
        called === undefined || called === workflow
          ? undefined
          : group({ uri: called, sha: text('job_workflow_sha') }),
      runner: group({ hosting: hostingOf(text('runner_environment')) }),
      run: group({
        id: runId,
        attempt,
        job: text('check_run_id'),
        url: runUrl(claims.iss, path, runId, attempt),
      }),
      actor: group({ id: text('actor_id'), login: text('actor') }),
    },
    fault,
  );
}

/** The run's page, where the issuer tells which GitHub it is; built only from parts that cannot change the host. */
function runUrl(
  issuer: string,
  path: string | undefined,
  runId: string | undefined,
  attempt: string | undefined,
): string | undefined {
  const host = webHostOf(issuer);
  if (host === undefined || path === undefined || runId === undefined) return undefined;
  if (!/^[\w.-]+\/[\w.-]+$/.test(path) || !/^\d+$/.test(runId)) return undefined;
  const suffix = attempt !== undefined && /^\d+$/.test(attempt) ? `/attempts/${attempt}` : '';
  return `https://${host}/${path}/actions/runs/${runId}${suffix}`;
}

function webHostOf(issuer: string): string | undefined {
  const { protocol, host, pathname } = new URL(issuer);
  if (protocol !== 'https:') return undefined;
  if (host === 'token.actions.githubusercontent.com') return 'github.com';
  if (host.startsWith('token.actions.') && host.endsWith('.ghe.com')) {
    return host.slice('token.actions.'.length);
  }
  return pathname === '/_services/token' ? host : undefined;
}

function hostingOf(value: string | undefined): 'platform' | 'self' | undefined {
  if (value === 'github-hosted') return 'platform';
  return value === 'self-hosted' ? 'self' : undefined;
}
