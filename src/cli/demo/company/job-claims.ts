import type { Clock } from '#core/clock.ts';
import { githubActionsClaims, gitlabCiClaims, type TokenClaims } from '#identity/emulator/platform-claims.ts';
import { definitionPath } from './company-repositories.ts';
import type { PlannedJob } from './plan.ts';

const GITHUB_OWNER_ID = '123456';
const GITLAB_NAMESPACE_ID = '72';
const PEOPLE_NUMBERED_FROM = 70;

/** Numbers of people by their names, so that one person is one id on a platform. */
function numberOf(person: string): string {
  const sum = Buffer.from(person).reduce((total, byte) => total + byte, 0);
  return String(PEOPLE_NUMBERED_FROM + sum);
}

function subjectOnGithub({ repository, ref, trigger, environment }: PlannedJob): string {
  const [owner = '', name = ''] = repository.name.split('/');
  const where = trigger === 'pull_request' ? 'pull_request' : `ref:${ref}`;
  return `repo:${owner}@${GITHUB_OWNER_ID}/${name}@${repository.id}:${environment === undefined ? where : `environment:${environment}`}`;
}

function githubClaims(job: PlannedJob, commit: string, clock: Clock): TokenClaims {
  const { repository, workflow, ref, run, trigger } = job;
  const definition = `${repository.name}/${definitionPath(repository, workflow)}@${ref}`;
  const isPullRequest = trigger.startsWith('pull_request');
  return githubActionsClaims(
    {
      sub: subjectOnGithub(job),
      actor: job.commit.author,
      actor_id: numberOf(job.commit.author),
      base_ref: isPullRequest ? 'main' : '',
      head_ref: isPullRequest ? job.commit.branch : '',
      check_run_id: String(run * 10 + job.resource.length),
      environment: job.environment,
      event_name: trigger,
      job_workflow_ref: definition,
      job_workflow_sha: commit,
      ref,
      ref_protected: String(ref === 'refs/heads/main'),
      ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
      repository: repository.name,
      repository_id: repository.id,
      run_id: String(9_900_000 + run),
      run_number: String(run),
      sha: commit,
      workflow,
      workflow_ref: definition,
      workflow_sha: commit,
    },
    clock,
  );
}

function gitlabClaims(job: PlannedJob, commit: string, clock: Clock): TokenClaims {
  const { repository, ref, run, trigger, environment } = job;
  const branch = ref.replace(/^refs\/(?:heads|tags)\//, '');
  const isMain = branch === 'main';
  return gitlabCiClaims(
    {
      sub: `project_path:${repository.name}:ref_type:branch:ref:${branch}`,
      ci_config_ref_uri: `gitlab.com/${repository.name}//${definitionPath(repository, '')}@${ref}`,
      ci_config_sha: commit,
      deployment_tier: environment === 'production' || environment === 'staging' ? environment : undefined,
      environment,
      environment_protected: environment === undefined ? undefined : String(isMain),
      job_id: String(run * 10 + job.resource.length),
      job_project_id: repository.id,
      job_project_path: repository.name,
      namespace_id: GITLAB_NAMESPACE_ID,
      pipeline_id: String(run),
      pipeline_source: trigger,
      project_id: repository.id,
      project_path: repository.name,
      ref: branch,
      ref_path: ref,
      ref_protected: String(isMain),
      sha: commit,
      user_email: `${job.commit.author}@acme.example`,
      user_id: numberOf(job.commit.author),
      user_login: job.commit.author,
    },
    clock,
  );
}

/** What the platform of the repository says about the job, but for who it says it to. */
export function claimsOf(job: PlannedJob, commit: string, clock: Clock): TokenClaims {
  return job.repository.platform === 'github'
    ? githubClaims(job, commit, clock)
    : gitlabClaims(job, commit, clock);
}
