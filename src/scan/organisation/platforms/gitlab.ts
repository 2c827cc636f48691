import { z } from 'zod';
import { listNames, type OrganisationFinding } from '../organisation-finding.ts';
import { OrganisationError } from '../organisation-error.ts';
import { failedPlace, type RepositoryEntry } from '../record.ts';
import type { ApiClient } from './api-client.ts';
import {
  emptyFolder,
  FETCHED_BYTES_MAX,
  FETCHED_FILES_MAX,
  folderOf,
  isWanted,
  writeFetched,
} from './fetched-files.ts';
import { mapBounded, type PlatformOrganisation, PRODUCTION, Unknowns } from './platform-scan.ts';

const AT_A_TIME = 4;
const GROUP = /^[A-Za-z0-9_.-]{1,200}(?:\/[A-Za-z0-9_.-]{1,200}){0,20}$/;

const Project = z.object({
  id: z.number().int(),
  path_with_namespace: z.string().max(1_000),
  default_branch: z.string().max(500).nullish(),
  archived: z.boolean().default(false),
});
type Project = z.infer<typeof Project>;
const TreeEntry = z.object({ path: z.string(), type: z.string(), mode: z.string() });
const RawFile = z.object({ content: z.string(), encoding: z.literal('base64'), size: z.number() });
/** Without its value: that is not even parsed. */
const VariableFlags = z.object({ key: z.string(), protected: z.boolean(), masked: z.boolean() });
const ProtectedBranch = z.object({ name: z.string(), allow_force_push: z.boolean().default(false) });
const JobTokenScope = z.object({ inbound_enabled: z.boolean() });
const Named = z.object({ name: z.string() });

const asList = (value: unknown): readonly unknown[] => z.array(z.unknown()).parse(value);

export function gitlabHeaders(token: string): Record<string, string> {
  return { 'private-token': token, accept: 'application/json' };
}

interface GitlabFacts {
  readonly name: string;
  readonly defaultBranchProtected: boolean | undefined;
  /** Names of variables that every branch gets, and that are hidden in logs: they are meant to be secret. */
  readonly openVariables: readonly string[] | undefined;
  readonly openJobToken: boolean | undefined;
  /** Names of environments that sound like production and that every developer may deploy to. */
  readonly openEnvironments: readonly string[] | undefined;
}

async function fetchFiles(client: ApiClient, project: Project, folder: string): Promise<string | undefined> {
  emptyFolder(folder);
  const branch = project.default_branch;
  if (branch === null || branch === undefined) return undefined;
  const base = `/projects/${project.id}/repository`;
  const ref = encodeURIComponent(branch);
  const listed = await client.list(`${base}/tree?recursive=true&per_page=100&ref=${ref}`, asList);
  if (listed === undefined) return 'the platform does not show its files';
  const wanted = listed
    .flatMap((each) => TreeEntry.safeParse(each).data ?? [])
    .filter(({ type, mode, path }) => type === 'blob' && mode !== '120000' && isWanted(path));
  for (const { path } of wanted.slice(0, FETCHED_FILES_MAX)) {
    const answer = await client.get(`${base}/files/${encodeURIComponent(path)}?ref=${ref}`);
    const file = answer.kind === 'found' ? RawFile.safeParse(answer.value).data : undefined;
    if (file === undefined) return `the platform does not show ${path}`;
    if (file.size > FETCHED_BYTES_MAX) return `${path} is larger than ${FETCHED_BYTES_MAX} bytes`;
    writeFetched(folder, path, Buffer.from(file.content, 'base64').toString('utf8'));
  }
  return wanted.length > FETCHED_FILES_MAX ? `more than ${FETCHED_FILES_MAX} definitions` : undefined;
}

/** A name that protection is given by may have stars in it. */
function protects(pattern: string, branch: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === branch;
  return branch.startsWith(first) && branch.endsWith(rest.at(-1) ?? '');
}

async function readFacts(client: ApiClient, project: Project, unknowns: Unknowns): Promise<GitlabFacts> {
  const base = `/projects/${project.id}`;
  const list = async <Value>(
    url: string,
    schema: z.ZodType<Value>,
    what: string,
    secret = false,
  ): Promise<Value[] | undefined> => {
    const listed = await client.list(`${base}/${url}?per_page=100`, asList, { secret });
    if (listed === undefined) unknowns.add(what);
    return listed?.flatMap((each) => schema.safeParse(each).data ?? []);
  };
  const branches = await list('protected_branches', ProtectedBranch, 'Protected branches');
  // The answer holds values of variables: it must not come to rest on a disk.
  const variables = await list('variables', VariableFlags, 'Flags of variables', true);
  const environments = await list('environments', Named, 'Environments');
  const guarded = await list('protected_environments', Named, 'Protected environments');
  const scope = await client.get(`${base}/job_token_scope`);
  const inbound = scope.kind === 'found' ? JobTokenScope.safeParse(scope.value).data : undefined;
  if (inbound === undefined) unknowns.add('Scope of the job token');
  const branch = project.default_branch ?? '';
  return {
    name: project.path_with_namespace,
    defaultBranchProtected: branches?.some(
      ({ name, allow_force_push: force }) => protects(name, branch) && !force,
    ),
    openVariables: variables?.filter((each) => each.masked && !each.protected).map(({ key }) => key),
    openJobToken: inbound === undefined ? undefined : !inbound.inbound_enabled,
    openEnvironments: environments
      ?.map(({ name }) => name)
      .filter(
        (name) =>
          guarded !== undefined && PRODUCTION.test(name) && !guarded.some((each) => each.name === name),
      ),
  };
}

function judgeFacts(facts: readonly GitlabFacts[]): OrganisationFinding[] {
  const about = (holds: (each: GitlabFacts) => boolean): string[] =>
    facts.filter(holds).map(({ name }) => name);
  const finding = (
    to: readonly string[],
    given: Pick<OrganisationFinding, 'severity' | 'message' | 'why' | 'remedy'>,
  ) => (to.length === 0 ? [] : [{ kind: 'platform-setting' as const, from: [], to, ...given }]);
  const unprotected = about(({ defaultBranchProtected: known }) => known === false);
  const open = about(({ openVariables }) => (openVariables?.length ?? 0) > 0);
  const tokens = about(({ openJobToken }) => openJobToken === true);
  const deploys = about(({ openEnvironments }) => (openEnvironments?.length ?? 0) > 0);
  const names = [...new Set(facts.flatMap(({ openVariables = [] }) => openVariables))].sort();
  return [
    ...finding(open, {
      severity: 'medium',
      message: `masked variables (${listNames(names)}) of ${listNames(open)} are there on every branch`,
      why: 'Whoever can push a branch prints a variable that is not protected, masked or not.',
      remedy:
        'Mark variables that are secret as protected, and protect the branches and tags that need them.',
    }),
    ...finding(deploys, {
      severity: 'medium',
      message: `environments for production in ${listNames(deploys)} are not protected`,
      why: 'Every developer may run the job that deploys there, and nobody has to agree.',
      remedy: 'Protect the environment, name who may deploy, and ask for an approval.',
    }),
    ...finding(unprotected, {
      severity: 'medium',
      message: `nothing protects the default branch of ${listNames(unprotected)}, or it may be pushed over`,
      why: 'Whoever can push changes the pipeline itself, and with it everything that the pipeline may do.',
      remedy: 'Protect the default branch, and do not allow force pushes.',
    }),
    ...finding(tokens, {
      severity: 'medium',
      message: `job tokens of every other project reach ${listNames(tokens)}`,
      why: 'A pipeline that somebody controls anywhere on the instance reads what its user may read there.',
      remedy: 'Limit access to the project for job tokens (Settings › CI/CD › Job token permissions).',
    }),
  ];
}

/**
 * Projects of a group at GitLab and of the groups in it, as `readGithub` does it. Values of variables are not kept.
 * @throws OrganisationError when the token or the path is not accepted, or nobody answers
 */
export async function readGitlab(
  client: ApiClient,
  group: string,
  folder: string,
): Promise<PlatformOrganisation> {
  if (!GROUP.test(group))
    throw new OrganisationError('organisation_unreadable', `"${group}" is no path of a group`);
  const url = `/groups/${encodeURIComponent(group)}/projects?include_subgroups=true&archived=false&per_page=100&order_by=id`;
  const listed = await client.list(url, asList);
  if (listed === undefined) {
    throw new OrganisationError('platform_refused', `the platform does not show the projects of ${group}`, {
      remedy: 'Check the path, and that the token may read the group.',
    });
  }
  const unknowns = new Unknowns();
  const projects = listed
    .flatMap((each) => Project.safeParse(each).data ?? [])
    .filter(({ archived }) => !archived);
  const facts: GitlabFacts[] = [];
  const entries = await mapBounded(projects, AT_A_TIME, async (project): Promise<RepositoryEntry> => {
    const name = project.path_with_namespace;
    const target = folderOf(folder, name);
    const problem = await fetchFiles(client, project, target);
    facts.push(await readFacts(client, project, unknowns));
    const place =
      problem === undefined ? ({ kind: 'work-tree', folder: target } as const) : failedPlace(problem);
    return { name, address: name.toLowerCase(), place };
  });
  return {
    entries: entries.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    settings: judgeFacts(facts.toSorted((left, right) => (left.name < right.name ? -1 : 1))),
    organisationSecrets: undefined,
    unknown: unknowns.sentences,
  };
}
