import type { ZodType } from 'zod';
import type { OrganisationFinding } from '../organisation-finding.ts';
import { listNames } from '../organisation-finding.ts';
import type { ApiClient } from './api-client.ts';
import {
  ActionsPermissions,
  Branch,
  BranchRules,
  Environments,
  ForkApproval,
  type RepositoryAnswer,
  RunnerGroups,
  WorkflowPermissions,
} from './github-answers.ts';
import { PRODUCTION, type Unknowns } from './platform-scan.ts';

/** What GitHub's settings of one repository say; undefined is unknown, never “no”. */
export interface GithubFacts {
  readonly name: string;
  readonly isPublic: boolean;
  readonly tokenWrites: boolean | undefined;
  readonly tokenApproves: boolean | undefined;
  readonly anyAction: boolean | undefined;
  readonly forksRunAlmostFreely: boolean | undefined;
  readonly branchProtected: boolean | undefined;
  /** Names of environments that sound like production, without reviewers and without a rule for branches. */
  readonly openEnvironments: readonly string[] | undefined;
  /** Names, in lower case, of all environments in which somebody or something has to agree. */
  readonly guardedEnvironments: readonly string[] | undefined;
}

/** Neither of them asks anybody: a branch that is protected is the base of a pull request, too. */
const ASKS_NOBODY = new Set(['wait_timer', 'branch_policy']);

async function ask<Value>(
  client: ApiClient,
  url: string,
  schema: ZodType<Value>,
  what: string,
  unknowns: Unknowns,
): Promise<Value | undefined> {
  const answer = await client.get(url);
  const parsed = answer.kind === 'found' ? schema.safeParse(answer.value).data : undefined;
  if (parsed === undefined) unknowns.add(what);
  return parsed;
}

/** A ruleset or a classic protection: one that is there is enough. */
async function isBranchProtected(
  client: ApiClient,
  base: string,
  branch: string,
  unknowns: Unknowns,
): Promise<boolean | undefined> {
  const name = encodeURIComponent(branch);
  const rules = await client.get(`${base}/rules/branches/${name}`);
  const listed = rules.kind === 'found' ? BranchRules.safeParse(rules.value).data : undefined;
  if (listed !== undefined && listed.length > 0) return true;
  const classic = await ask(
    client,
    `${base}/branches/${name}`,
    Branch,
    'Protection of default branches',
    unknowns,
  );
  return classic?.protected;
}

/** Asks for the settings of a repository that decide what its pipelines may do. */
export async function readGithubFacts(
  client: ApiClient,
  repository: RepositoryAnswer,
  unknowns: Unknowns,
): Promise<GithubFacts> {
  const base = `/repos/${repository.full_name}`;
  const isPublic = !repository.private;
  const token = await ask(
    client,
    `${base}/actions/permissions/workflow`,
    WorkflowPermissions,
    'Default permissions of the token',
    unknowns,
  );
  const actions = await ask(
    client,
    `${base}/actions/permissions`,
    ActionsPermissions,
    'Allowed actions',
    unknowns,
  );
  const fork = isPublic
    ? await ask(
        client,
        `${base}/actions/permissions/fork-pr-contributor-approval`,
        ForkApproval,
        'Approval of runs from forks',
        unknowns,
      )
    : undefined;
  const environments = await ask(
    client,
    `${base}/environments?per_page=100`,
    Environments,
    'Environments',
    unknowns,
  );
  return {
    name: repository.full_name,
    isPublic,
    tokenWrites: token === undefined ? undefined : token.default_workflow_permissions === 'write',
    tokenApproves: token?.can_approve_pull_request_reviews,
    anyAction: actions?.allowed_actions === undefined ? undefined : actions.allowed_actions === 'all',
    forksRunAlmostFreely:
      fork === undefined ? undefined : fork.approval_policy === 'first_time_contributors_new_to_github',
    branchProtected: await isBranchProtected(client, base, repository.default_branch, unknowns),
    openEnvironments: environments?.environments
      .filter(({ name, protection_rules: rules, deployment_branch_policy: policy }) => {
        const reviewed = rules.some(({ type }) => type === 'required_reviewers');
        return PRODUCTION.test(name) && !reviewed && (policy === null || policy === undefined);
      })
      .map(({ name }) => name),
    guardedEnvironments: environments?.environments
      .filter(({ protection_rules: rules }) => rules.some(({ type }) => !ASKS_NOBODY.has(type)))
      .map(({ name }) => name.toLowerCase()),
  };
}

type Setting = Omit<OrganisationFinding, 'kind' | 'from' | 'to' | 'message'> & {
  readonly says: (names: string) => string;
};

function collect(
  facts: readonly GithubFacts[],
  holds: (facts: GithubFacts) => boolean,
  setting: Setting,
): OrganisationFinding[] {
  const to = facts.filter(holds).map(({ name }) => name);
  if (to.length === 0) return [];
  const { severity, why, remedy, says } = setting;
  return [{ kind: 'platform-setting', severity, message: says(listNames(to)), why, remedy, from: [], to }];
}

/** What the settings of all repositories come to: one finding for each setting, with everybody that it is about. */
export function judgeGithubFacts(facts: readonly GithubFacts[]): OrganisationFinding[] {
  return [
    ...collect(facts, ({ openEnvironments }) => (openEnvironments?.length ?? 0) > 0, {
      severity: 'high',
      says: (names) =>
        `environments for production in ${names} have neither reviewers nor a rule for branches`,
      why: 'A job that names such an environment gets its secrets from any branch: whoever can push a branch deploys.',
      remedy: 'Set required reviewers, and let only protected branches deploy (Settings › Environments).',
    }),
    ...collect(facts, ({ tokenWrites }) => tokenWrites === true, {
      severity: 'medium',
      says: (names) => `workflows without \`permissions:\` get a token that can write in ${names}`,
      why: 'Every action of such a job can push code and make releases.',
      remedy:
        'Set “Read repository contents” for workflows in the organisation’s settings; workflows ask for more where they need it.',
    }),
    ...collect(facts, ({ tokenApproves }) => tokenApproves === true, {
      severity: 'medium',
      says: (names) => `workflows may approve pull requests in ${names}`,
      why: 'A workflow that somebody controls then gives the review that a branch asks for.',
      remedy: 'Turn off “Allow GitHub Actions to create and approve pull requests”.',
    }),
    ...collect(facts, ({ branchProtected }) => branchProtected === false, {
      severity: 'medium',
      says: (names) => `nothing protects the default branch of ${names}`,
      why: 'Whoever can push changes the pipeline itself, and with it everything that the pipeline may do.',
      remedy: 'Set a ruleset of the organisation: pull requests with a review, no force pushes.',
    }),
    ...collect(facts, ({ forksRunAlmostFreely }) => forksRunAlmostFreely === true, {
      severity: 'low',
      says: (names) =>
        `runs from forks wait for an approval only with accounts that are new to GitHub in ${names}`,
      why: 'An account that is a few weeks old starts runs of its own code on your runners.',
      remedy: 'Require approval for all outside collaborators.',
    }),
    ...collect(facts, ({ anyAction }) => anyAction === true, {
      severity: 'low',
      says: (names) => `any action of anybody may run in ${names}`,
      why: 'A mistyped name, or an action of somebody whose account was taken over, runs with your token.',
      remedy:
        'Allow actions of GitHub, of the organisation and of the ones that you have looked at, pinned to commits.',
    }),
  ];
}

/** Runner groups are open to whole organisations, or to public repositories, far more often than anybody means. */
export async function judgeRunnerGroups(
  client: ApiClient,
  organisation: string,
  unknowns: Unknowns,
): Promise<OrganisationFinding[]> {
  const url = `/orgs/${organisation}/actions/runner-groups?per_page=100`;
  const groups = await ask(client, url, RunnerGroups, 'Runner groups', unknowns);
  return (groups?.runner_groups ?? [])
    .filter((group) => group.allows_public_repositories && !group.restricted_to_workflows)
    .map(({ name }) => ({
      kind: 'platform-setting' as const,
      severity: 'high' as const,
      message: `the runner group \`${name}\` of ${organisation} takes jobs of public repositories`,
      why: 'Anybody who can open a pull request in one of them may run code on your machines.',
      remedy: 'Do not allow public repositories in this group, or restrict it to named workflows.',
      from: [organisation],
      to: [],
    }));
}
