import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#core/clock.ts';
import type { Secret } from '#core/secret.ts';
import type { GitRunner } from '#scan/organisation/git-objects.ts';
import {
  type CommitSnapshot,
  type DefinitionFile,
  type DefinitionSource,
  DefinitionSourceError,
} from '../definition-source.ts';
import { isRepositoryName } from '../pipeline-subject.ts';
import { openBareSnapshot } from './bare-snapshot.ts';
import { bytesOf, FetchCache } from './fetch-cache.ts';
import { callGit, type GitAnswer } from './git-process.ts';
import { judgeHost, type JudgedHost, type Resolve } from './judge-host.ts';

export interface RemoteOptions {
  /** With `{repository}` in its path. */
  readonly url: string;
  readonly username: string;
  /** Read for each fetch, so that a changed one is used; undefined: none. */
  readonly token: (() => Promise<Secret>) | undefined;
  readonly sshKeyFile: string | undefined;
  readonly knownHostsFile: string | undefined;
  /** Where fetched objects are kept. Nothing there is needed after a restart. */
  readonly cacheFolder: string;
  readonly allowPrivateHosts: readonly string[];
  readonly resolve: Resolve;
  readonly git: GitRunner;
  readonly clock: Clock;
}

/** Of one fetch: trees of one commit and its definitions are far smaller. */
const FETCH_BYTES_MAX = 256 * 1_048_576;
const WATCH_MS = 100;
const SSH = [
  'ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10',
  '-o PasswordAuthentication=no -o ForwardAgent=no -o PermitLocalCommand=no -o ProxyCommand=none',
].join(' ');

interface Address {
  readonly url: string;
  readonly gitFolder: string;
  readonly protocols: string;
  readonly secretSettings: readonly (readonly [string, string])[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Definitions from any git server: one commit is fetched without its history, and of its files the definitions. */
export function createRemoteSource(options: RemoteOptions): DefinitionSource {
  return new RemoteSource(options);
}

class RemoteSource implements DefinitionSource {
  readonly #options: RemoteOptions;
  readonly #cache: FetchCache;
  /** Two fetches into one folder would wait for each other's locks. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#cache = new FetchCache(options.cacheFolder);
  }

  async open(repository: string, commit: string, signal: AbortSignal): Promise<CommitSnapshot> {
    const address = await this.#addressOf(repository);
    const snapshot = await this.#inTurn(address.gitFolder, () => this.#openIn(address, commit, signal));
    if (snapshot === undefined) {
      const message = `the git server does not give the commit ${commit.slice(0, 12)} of ${repository}`;
      throw new DefinitionSourceError('definition_absent', message);
    }
    const fetchMissing = (files: readonly DefinitionFile[]): Promise<void> =>
      this.#inTurn(address.gitFolder, async () => {
        await this.#fetch(
          address,
          files.map(({ objectId }) => objectId),
          [],
          signal,
        );
      });
    return {
      ...snapshot,
      async read(files, bytesMax) {
        const texts = await snapshot.read(files, bytesMax);
        const missing = files.filter((_, index) => texts[index] === undefined);
        if (missing.length === 0) return texts;
        await fetchMissing(missing);
        const again = await snapshot.read(missing, bytesMax);
        const found = new Map(missing.map((file, index) => [file, again[index]]));
        return files.map((file, index) => texts[index] ?? found.get(file));
      },
    };
  }

  async defaultCommit(repository: string, signal: AbortSignal): Promise<string | undefined> {
    const address = await this.#addressOf(repository);
    const answer = await this.#call(address, ['ls-remote', '--', address.url, 'HEAD'], '', signal);
    if (!answer.ok) throw unavailable(answer);
    return /^([0-9a-f]{40}|[0-9a-f]{64})\tHEAD$/m.exec(answer.stdout)?.[1];
  }

  async #openIn(address: Address, commit: string, signal: AbortSignal): Promise<CommitSnapshot | undefined> {
    const { git } = this.#options;
    const { gitFolder } = address;
    if (existsSync(gitFolder)) {
      const known = await openBareSnapshot(gitFolder, commit, git);
      if (known !== undefined) return known;
    } else {
      const made = await this.#call(
        address,
        ['init', '--quiet', '--bare', '--template=', gitFolder],
        '',
        signal,
      );
      if (!made.ok) throw unavailable(made);
    }
    await this.#fetch(address, [commit], ['--depth=1', '--filter=blob:none'], signal);
    return await openBareSnapshot(gitFolder, commit, git);
  }

  /** Names go through standard input: nothing of a token becomes an argument. */
  async #fetch(
    address: Address,
    names: readonly string[],
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const input = names.map((name) => `${name}\n`).join('');
    const quiet = [
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--no-auto-gc',
    ];
    const args = [
      '--git-dir',
      address.gitFolder,
      'fetch',
      ...quiet,
      ...options,
      '--stdin',
      '--',
      address.url,
    ];
    const answer = await this.#call(address, args, input, signal);
    if (!answer.ok && !/not our ref|couldn't find remote ref|no such remote ref/i.test(answer.stderr)) {
      throw unavailable(answer);
    }
  }

  async #call(
    { gitFolder, protocols, secretSettings, environment }: Address,
    args: readonly string[],
    input: string,
    signal: AbortSignal,
  ): Promise<GitAnswer> {
    const { searchPath, timeoutMs } = this.#options.git;
    const tooLarge = new AbortController();
    const before = bytesOf(path.join(gitFolder, 'objects'));
    const watch = setInterval(() => {
      if (bytesOf(path.join(gitFolder, 'objects')) - before > FETCH_BYTES_MAX) tooLarge.abort();
    }, WATCH_MS);
    try {
      const limits = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs), tooLarge.signal]);
      const answer = await callGit({
        args,
        searchPath,
        protocols,
        secretSettings,
        environment,
        input,
        signal: limits,
      });
      if (!tooLarge.signal.aborted) return answer;
    } finally {
      clearInterval(watch);
    }
    this.#cache.forget(gitFolder);
    throw new DefinitionSourceError('definition_too_large', 'the repository is larger than what is fetched');
  }

  async #addressOf(repository: string): Promise<Address> {
    const { allowPrivateHosts, resolve, clock, token, username } = this.#options;
    if (!isRepositoryName(repository)) {
      throw new DefinitionSourceError('definition_absent', 'the repository has a name that we do not fetch');
    }
    const url = new URL(this.#options.url.replace('{repository}', repository));
    const host = await judgeHost(url, allowPrivateHosts, resolve);
    const gitFolder = this.#cache.folderOf(url.href, clock.nowMs());
    const secret = token === undefined ? undefined : await token();
    return {
      url: url.href,
      gitFolder,
      protocols: url.protocol.slice(0, -1),
      secretSettings: settingsFor(url, host, username, secret),
      environment:
        url.protocol === 'ssh:' ? { GIT_SSH_COMMAND: this.#sshCommand(), GIT_SSH_VARIANT: 'ssh' } : {},
    };
  }

  #sshCommand(): string {
    const { sshKeyFile, knownHostsFile } = this.#options;
    const key = sshKeyFile === undefined ? '' : ` -o IdentitiesOnly=yes -i ${quoteShell(sshKeyFile)}`;
    const hosts =
      knownHostsFile === undefined
        ? ''
        : ` -o UserKnownHostsFile=${quoteShell(knownHostsFile)} -o GlobalKnownHostsFile=/dev/null`;
    return `${SSH}${key}${hosts}`;
  }

  async #inTurn<T>(gitFolder: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(gitFolder) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#turns.set(gitFolder, settled);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(gitFolder) === settled) this.#turns.delete(gitFolder);
    }
  }
}

/** The credential for this server alone, and the connection to the very addresses that were judged. */
function settingsFor(
  url: URL,
  host: JudgedHost | undefined,
  username: string,
  token: Secret | undefined,
): (readonly [string, string])[] {
  if (host === undefined || url.protocol === 'ssh:') return [];
  const addresses = host.addresses.map((each) => (each.includes(':') ? `[${each}]` : each)).join(',');
  const pinned = ['http.curloptResolve', `${host.host}:${host.port}:${addresses}`] as const;
  if (token === undefined) return [pinned];
  const basic = Buffer.from(`${username}:${token.reveal()}`).toString('base64');
  return [pinned, [`http.${url.origin}/.extraHeader`, `Authorization: Basic ${basic}`]];
}

/** Git hands its ssh command to a shell; these paths come from the configuration of the operator. */
function quoteShell(file: string): string {
  return `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

/** What git says goes to the log of the operator only: it may name hosts and paths. */
function unavailable({ stderr }: GitAnswer): DefinitionSourceError {
  return new DefinitionSourceError(
    'definition_source_unavailable',
    'the git server did not answer as expected',
    {
      cause: new Error(stderr.trim().slice(0, 500)),
    },
  );
}
