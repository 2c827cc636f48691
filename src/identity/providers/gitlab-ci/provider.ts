import { z } from 'zod';
import type { IdentityProviderKind, Normalisation, VerifiedClaims } from '../../provider.ts';
import {
  type ClaimFault,
  group,
  normalised,
  readFlag,
  readText,
  readTextOrNumber,
} from '../../read-claims.ts';

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

export const provider: IdentityProviderKind<Settings> = {
  id: 'gitlab-ci',
  title: 'GitLab CI',
  description:
    'Jobs of GitLab CI: gitlab.com, or an instance of your own (`issuer: https://gitlab.example.org`). An instance that cannot be reached from here gets its keys pinned with `jwks.keys`.',
  settings: Settings,
  defaultIssuer: 'https://gitlab.com',
  algorithmsDefault: ['RS256'],
  // GitLab's tokens live as long as the job may run: an hour, unless the project was given more.
  lifetimeSecondsMax: 3_600,
  claimsRequired: [
    'project_id',
    'namespace_id',
    'project_path',
    'ref',
    'pipeline_source',
    'pipeline_id',
    'job_id',
  ],
  immutableAttributes: ['project.id', 'org.id'],
  pitfalls: [
    'A merge request from a fork can run in the parent project, and then `project.*` describes the fork: forbid `forked == true` for privileged resources, and demand that `forked` is there at all.',
    'Instances before 18.2 do not send `job_project_id`: `forked` is absent, which is not false.',
    'Paths can be given up and taken over by others: pin `project.id` or `org.id`.',
    '`config.sha` is absent for a remote configuration, and never covers what is included.',
    'Only runners of gitlab.com are called platform-hosted; those of GitLab Dedicated show as self-hosted.',
    'A token lives as long as the job may run and cannot be requested again: raise `lifetimeSecondsMax` only as far as your job timeouts.',
    '`merge_request_event`, `schedule` and `api` start jobs too: demand the trigger for privileged resources.',
    '`groups_direct` and other lists may be left out when long; let no `forbid` rest on them.',
  ],
  tokenSource: {
    setup: 'Give the job `id_tokens: VOUCHGATE_ID_TOKEN: aud: URL` with the URL of this server.',
    detect: ['GITLAB_CI'],
  },
  normalise,
};

function normalise(claims: VerifiedClaims): Normalisation {
  const fault: ClaimFault = { refused: undefined };
  const text = (name: string) => readText(claims, name, fault);
  const projectId = text('project_id');
  const path = text('project_path');
  const hostPath = text('job_project_path') ?? path;
  const hostProjectId = text('job_project_id');
  const jobId = readTextOrNumber(claims, 'job_id', fault);
  const environment = text('environment');
  return normalised(
    {
      org: group({ id: text('namespace_id'), name: text('namespace_path') }),
      project: group({ id: projectId, path, visibility: text('project_visibility') }),
      ref: group({
        full: text('ref_path'),
        type: text('ref_type'),
        protected: readFlag(claims, 'ref_protected', fault),
      }),
      commit: text('sha'),
      trigger: text('pipeline_source'),
      environment:
        environment === undefined
          ? undefined
          : { name: environment, ...group({ protected: readFlag(claims, 'environment_protected', fault) }) },
      config: group({ uri: text('ci_config_ref_uri'), sha: text('ci_config_sha') }),
      runner: group({
        hosting: hostingOf(text('runner_environment')),
        id: readTextOrNumber(claims, 'runner_id', fault),
      }),
      run: group({
        id: readTextOrNumber(claims, 'pipeline_id', fault),
        job: jobId,
        url: jobUrl(claims.iss, hostPath, jobId),
      }),
      actor: group({ id: text('user_id'), login: text('user_login') }),
      // project_* is where the code comes from, job_project_* where it runs.
      forked: hostProjectId === undefined ? undefined : hostProjectId !== projectId,
    },
    fault,
  );
}

/** The job's page; built only from parts that cannot change the host. */
function jobUrl(issuer: string, path: string | undefined, jobId: string | undefined): string | undefined {
  if (path === undefined || jobId === undefined || !issuer.startsWith('https://')) return undefined;
  if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(path) || !/^\d+$/.test(jobId)) return undefined;
  return `${issuer.endsWith('/') ? issuer.slice(0, -1) : issuer}/${path}/-/jobs/${jobId}`;
}

function hostingOf(value: string | undefined): 'platform' | 'self' | undefined {
  if (value === 'gitlab-hosted') return 'platform';
  return value === 'self-hosted' ? 'self' : undefined;
}
