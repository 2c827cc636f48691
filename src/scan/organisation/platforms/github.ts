import { z } from 'zod';
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
import { BlobAnswer, RepositoryAnswer, SecretNames, TreeAnswer } from './github-answers.ts';
import { type GithubFacts, judgeGithubFacts, judgeRunnerGroups, readGithubFacts } from './github-facts.ts';
import { mapBounded, type PlatformOrganisation, Unknowns } from './platform-scan.ts';

/** GitHub asks clients not to send many requests at the same time (secondary limits). */
const AT_A_TIME = 4;
const NAME = /^[A-Za-z0-9-]{1,100}$/;

export function githubHeaders(token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
}

async function fetchFiles(
  client: ApiClient,
  repository: RepositoryAnswer,
  folder: string,
): Promise<string | undefined> {
  const base = `/repos/${repository.full_name}`;
  emptyFolder(folder);
  const answer = await client.get(
    `${base}/git/trees/${encodeURIComponent(repository.default_branch)}?recursive=1`,
  );
  // An empty repository has no tree (409).
  if (answer.kind === 'refused')
    return answer.status === 409 ? undefined : `the platform does not show its files (${answer.status})`;
  const parsed = TreeAnswer.safeParse(answer.value);
  if (!parsed.success) return 'the platform’s list of its files cannot be read';
  const { tree, truncated } = parsed.data;
  const wanted = tree.filter(
    ({ type, mode, path }) => type === 'blob' && mode !== '120000' && isWanted(path),
  );
  for (const { path, sha, size = 0 } of wanted.slice(0, FETCHED_FILES_MAX)) {
    if (size > FETCHED_BYTES_MAX) return `${path} is larger than ${FETCHED_BYTES_MAX} bytes`;
    const blob = await client.get(`${base}/git/blobs/${sha}`);
    const content = blob.kind === 'found' ? BlobAnswer.safeParse(blob.value).data : undefined;
    if (content === undefined) return `the platform does not show ${path}`;
    const encoding = content.encoding === 'base64' ? 'base64' : 'utf8';
    writeFetched(folder, path, Buffer.from(content.content, encoding).toString('utf8'));
  }
  if (truncated) return 'it has so many files that the platform lists only a part of them';
  return wanted.length > FETCHED_FILES_MAX ? `more than ${FETCHED_FILES_MAX} definitions` : undefined;
}

async function listRepositories(client: ApiClient, organisation: string): Promise<RepositoryAnswer[]> {
  const listed = await client.list(`/orgs/${organisation}/repos?per_page=100&type=all`, (value) =>
    z.array(z.unknown()).parse(value),
  );
  if (listed === undefined) {
    throw new OrganisationError(
      'platform_refused',
      `the platform does not show the repositories of ${organisation}`,
      {
        remedy: 'Check the name, and that the token may read the organisation.',
      },
    );
  }
  return listed
    .flatMap((each) => RepositoryAnswer.safeParse(each).data ?? [])
    .filter(({ archived, disabled }) => !archived && !disabled);
}

async function readSecretNames(
  client: ApiClient,
  organisation: string,
  unknowns: Unknowns,
): Promise<Set<string> | undefined> {
  const listed = await client.list(
    `/orgs/${organisation}/actions/secrets?per_page=100`,
    (value) => SecretNames.parse(value).secrets,
  );
  if (listed === undefined) {
    unknowns.add('Names of the organisation’s secrets');
    return undefined;
  }
  return new Set(
    listed.flatMap(
      (each) => SecretNames.shape.secrets.element.safeParse(each).data?.name.toUpperCase() ?? [],
    ),
  );
}

/**
 * Repositories of an organisation at GitHub, with nothing fetched but their definitions, and the settings that decide
 * what those may do. `folder` keeps the definitions.
 * @throws OrganisationError when the token or the name is not accepted, or nobody answers
 */
export async function readGithub(
  client: ApiClient,
  organisation: string,
  folder: string,
): Promise<PlatformOrganisation> {
  if (!NAME.test(organisation)) {
    throw new OrganisationError('organisation_unreadable', `"${organisation}" is no name of an organisation`);
  }
  const unknowns = new Unknowns();
  const repositories = await listRepositories(client, organisation);
  const facts: GithubFacts[] = [];
  const entries = await mapBounded(repositories, AT_A_TIME, async (repository): Promise<RepositoryEntry> => {
    const name = repository.full_name;
    const target = folderOf(folder, name);
    const problem = await fetchFiles(client, repository, target);
    const fact = await readGithubFacts(client, repository, unknowns);
    facts.push(fact);
    const { tokenWrites, guardedEnvironments } = fact;
    const tokenReadsByDefault = tokenWrites === undefined ? undefined : !tokenWrites;
    const settings = { tokenReadsByDefault, guardedEnvironments };
    const place =
      problem === undefined ? ({ kind: 'work-tree', folder: target } as const) : failedPlace(problem);
    return { name, address: name.toLowerCase(), place, settings };
  });
  const ordered = facts.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const settings = [
    ...judgeGithubFacts(ordered),
    ...(await judgeRunnerGroups(client, organisation, unknowns)),
  ];
  const organisationSecrets = await readSecretNames(client, organisation, unknowns);
  const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return { entries: sorted, settings, organisationSecrets, unknown: unknowns.sentences };
}
