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
  id: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
});
const ProjectAnswer = z.object({ default_branch: z.string().max(255).nullish() });
const CommitAnswer = z.object({ id: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/) });
const FileAnswer = BlobAnswer.extend({ size: z.number() });

const PAGE = 100;
const PAGES_MAX = 20;
/** Definitions lie at the root and in these; what they include elsewhere is asked for by its folder. */
const DEFINITION_FOLDERS = ['.gitlab', 'templates', '.github'];

function headersOf(token: string | undefined): Record<string, string> {
  return { accept: 'application/json', ...(token === undefined ? {} : { 'private-token': token }) };
}

/** Definitions by the REST API of GitLab. */
export function createGitlabSource(options: PlatformOptions): DefinitionSource {
  const client = new PlatformClient(options, headersOf);

  const baseOf = (repository: string): string => {
    if (isRepositoryName(repository)) return `/projects/${encodeURIComponent(repository)}`;
    throw new DefinitionSourceError('definition_absent', 'the platform does not show us such a project');
  };

  return {
    async open(repository, commit, signal) {
      const base = baseOf(repository);
      const found = await client.get(`${base}/repository/commits/${commit}`, CommitAnswer, signal);
      if (found?.id === commit) return new GitlabSnapshot(client, base, commit, signal);
      const message = `the platform does not show us the commit ${commit.slice(0, 12)} of ${repository}`;
      throw new DefinitionSourceError('definition_absent', message);
    },
    async defaultCommit(repository, signal) {
      const base = baseOf(repository);
      const branch = (await client.get(base, ProjectAnswer, signal))?.default_branch;
      if (branch === undefined || branch === null) return undefined;
      const path = `${base}/repository/commits/${encodeURIComponent(branch)}`;
      return (await client.get(path, CommitAnswer, signal))?.id;
    },
  };
}

class GitlabSnapshot implements CommitSnapshot {
  readonly commit: string;
  readonly #client: PlatformClient;
  readonly #base: string;
  readonly #signal: AbortSignal;

  constructor(client: PlatformClient, base: string, commit: string, signal: AbortSignal) {
    this.commit = commit;
    this.#client = client;
    this.#base = base;
    this.#signal = signal;
  }

  async list(folder: string): Promise<readonly DefinitionFile[]> {
    if (folder !== '') return this.#list(folder, true);
    const root = await this.#list('', false);
    const below = await mapSome(DEFINITION_FOLDERS, (each) => this.#list(each, true));
    return [...root, ...below.flat()];
  }

  async #list(folder: string, recursive: boolean): Promise<DefinitionFile[]> {
    const files: DefinitionFile[] = [];
    for (let page = 1; page <= PAGES_MAX; page += 1) {
      const query = new URLSearchParams({
        ref: this.commit,
        recursive: String(recursive),
        per_page: String(PAGE),
        page: String(page),
        ...(folder === '' ? {} : { path: folder }),
      });
      const listed = await this.#client.get(
        `${this.#base}/repository/tree?${query.toString()}`,
        z.array(Entry),
        this.#signal,
      );
      // No such folder.
      if (listed === undefined) return files;
      for (const { type, mode, path, id } of listed) {
        if (type === 'blob' && mode !== '120000' && isPlainPath(path))
          files.push({ file: path, objectId: id });
      }
      if (listed.length < PAGE) return files;
    }
    // What is missing from a list could be the very definition.
    throw new DefinitionSourceError(
      'definition_too_large',
      `a folder has more than ${PAGES_MAX * PAGE} files`,
    );
  }

  read(files: readonly DefinitionFile[], bytesMax: number): Promise<readonly (string | undefined)[]> {
    return mapSome(files, ({ file, objectId }) =>
      this.#client.blob(objectId, () => this.#readFile(file, bytesMax)),
    );
  }

  async #readFile(file: string, bytesMax: number): Promise<string | undefined> {
    const path = `${this.#base}/repository/files/${encodeURIComponent(file)}?ref=${this.commit}`;
    const answer = await this.#client.get(path, FileAnswer, this.#signal);
    return answer === undefined || answer.size > bytesMax ? undefined : textOf(answer);
  }
}
