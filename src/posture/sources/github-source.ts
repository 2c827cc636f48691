import { z } from 'zod';
import {
  type CommitSnapshot,
  type DefinitionFile,
  type DefinitionSource,
  DefinitionSourceError,
} from '../definition-source.ts';
import { isPlainPath, isRepositoryName } from '../pipeline-subject.ts';
import { BlobAnswer, mapSome, PlatformClient, type PlatformOptions, textOf } from './platform-client.ts';

const Entry = z.object({
  path: z.string(),
  mode: z.string(),
  type: z.string(),
  sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  size: z.number().optional(),
});
const TreeAnswer = z.object({ tree: z.array(Entry), truncated: z.boolean().default(false) });
const RepositoryAnswer = z.object({ default_branch: z.string().max(255) });
const CommitAnswer = z.object({ sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/) });

function headersOf(token: string | undefined): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

function absent(what: string): DefinitionSourceError {
  return new DefinitionSourceError('definition_absent', `the platform does not show us ${what}`);
}

/** Definitions by the REST API of GitHub: one request for the tree of a commit, one for each definition not seen before. */
export function createGithubSource(options: PlatformOptions): DefinitionSource {
  const client = new PlatformClient(options, headersOf);

  const baseOf = (repository: string): string => {
    if (!isRepositoryName(repository) || repository.split('/').length !== 2)
      throw absent('such a repository');
    return `/repos/${repository}`;
  };

  return {
    async open(repository, commit, signal) {
      const base = baseOf(repository);
      const answer = await client.get(`${base}/git/trees/${commit}?recursive=1`, TreeAnswer, signal);
      if (answer === undefined) throw absent(`the commit ${commit.slice(0, 12)} of ${repository}`);
      // What is missing from a list could be the very definition.
      if (answer.truncated) {
        throw new DefinitionSourceError(
          'definition_too_large',
          'the platform lists only a part of its files',
        );
      }
      return snapshotOf(client, base, commit, answer.tree, signal);
    },
    async defaultCommit(repository, signal) {
      const base = baseOf(repository);
      const found = await client.get(base, RepositoryAnswer, signal);
      if (found === undefined) return undefined;
      const branch = encodeURIComponent(found.default_branch);
      return (await client.get(`${base}/commits/${branch}`, CommitAnswer, signal))?.sha;
    },
  };
}

function snapshotOf(
  client: PlatformClient,
  base: string,
  commit: string,
  tree: z.infer<typeof TreeAnswer>['tree'],
  signal: AbortSignal,
): CommitSnapshot {
  const regular = tree.filter(
    ({ type, mode, path }) => type === 'blob' && mode !== '120000' && isPlainPath(path),
  );
  const files: DefinitionFile[] = regular.map(({ path, sha }) => ({ file: path, objectId: sha }));
  const sizes = new Map(regular.map(({ sha, size = 0 }) => [sha, size]));
  const readBlob = async (objectId: string): Promise<string | undefined> => {
    const answer = await client.get(`${base}/git/blobs/${objectId}`, BlobAnswer, signal);
    return answer === undefined ? undefined : textOf(answer);
  };
  return {
    commit,
    list: async (folder) =>
      folder === '' ? files : files.filter(({ file }) => file.startsWith(`${folder}/`)),
    read: (wanted, bytesMax) =>
      mapSome(wanted, async ({ objectId }) =>
        (sizes.get(objectId) ?? 0) > bytesMax ? undefined : client.blob(objectId, () => readBlob(objectId)),
      ),
  };
}
