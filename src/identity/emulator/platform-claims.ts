import { randomUUID } from 'node:crypto';
import { type Clock, nowSeconds, systemClock } from '#core/clock.ts';

export type TokenClaims = Record<string, unknown>;

/** What GitHub stamps on each token anew: the end 5 minutes ahead, the start 10 minutes back, a fresh id. */
export function stampGithubActions(clock: Clock): TokenClaims {
  const iat = nowSeconds(clock);
  return { jti: randomUUID(), nbf: iat - 600, iat, exp: iat + 300 };
}

/** What GitLab stamps on a job's token when the job starts: it lives as long as the job may run. */
export function stampGitlabCi(clock: Clock): TokenClaims {
  const iat = nowSeconds(clock);
  return { jti: randomUUID(), nbf: iat - 5, iat, exp: iat + 3_600 };
}

/**
 * Claims of a push to main that deploys to production, as GitHub Actions writes them; `iss` and `aud` are for
 * the issuer to add. An override of undefined removes a claim.
 */
export function githubActionsClaims(overrides: TokenClaims = {}, clock: Clock = systemClock): TokenClaims {
  return {
    sub: 'repo:acme@123456/shop@456789:environment:production',
    actor: 'ann',
    actor_id: '77',
    base_ref: '',
    check_run_id: '31337',
    environment: 'production',
    event_name: 'push',
    head_ref: '',
    job_workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
    job_workflow_sha: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
    ref: 'refs/heads/main',
    ref_protected: 'true',
    ref_type: 'branch',
    repository: 'acme/shop',
    repository_id: '456789',
    repository_owner: 'acme',
    repository_owner_id: '123456',
    repository_visibility: 'private',
    run_attempt: '1',
    run_id: '9900001',
    run_number: '42',
    runner_environment: 'github-hosted',
    sha: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
    workflow: 'deploy',
    workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
    workflow_sha: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
    ...stampGithubActions(clock),
    ...overrides,
  };
}

/** The same job as GitLab CI writes it: booleans are text, and `job_project_*` says where it runs. */
export function gitlabCiClaims(overrides: TokenClaims = {}, clock: Clock = systemClock): TokenClaims {
  return {
    sub: 'project_path:acme/shop:ref_type:branch:ref:main',
    ci_config_ref_uri: 'gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main',
    ci_config_sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
    deployment_tier: 'production',
    environment: 'production',
    environment_protected: 'true',
    job_id: '302',
    job_namespace_id: '72',
    job_namespace_path: 'acme',
    job_project_id: '20',
    job_project_path: 'acme/shop',
    namespace_id: '72',
    namespace_path: 'acme',
    pipeline_id: '574',
    pipeline_source: 'push',
    project_id: '20',
    project_path: 'acme/shop',
    project_visibility: 'private',
    ref: 'main',
    ref_path: 'refs/heads/main',
    ref_protected: 'true',
    ref_type: 'branch',
    runner_environment: 'gitlab-hosted',
    runner_id: 1,
    sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
    user_access_level: 'maintainer',
    user_email: 'ann@acme.example',
    user_id: '1',
    user_login: 'ann',
    ...stampGitlabCi(clock),
    ...overrides,
  };
}
