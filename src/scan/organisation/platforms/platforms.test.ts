import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { ApiClient } from './api-client.ts';
import { githubHeaders, readGithub } from './github.ts';
import { gitlabHeaders, readGitlab } from './gitlab.ts';

const TOKEN = 'token-for-tests';
const WORKFLOW = 'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n';
const sha = (digit: string): string => digit.repeat(40);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

type Answer = object;

/** Answers as the platforms do, and refuses what they refuse: no token, no version, a page that nobody was sent to. */
class FakePlatform {
  readonly answers = new Map<string, Answer>();
  readonly pages = new Map<string, readonly (readonly unknown[])[]>();
  readonly asked: string[] = [];
  /** Answers for the next requests, whatever they ask for. */
  readonly first: { status: number; headers: Record<string, string> }[] = [];
  notModified = 0;
  readonly #server: Server;

  readonly kind: 'github' | 'gitlab';

  constructor(kind: 'github' | 'gitlab') {
    this.kind = kind;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo;
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    if (this.kind === 'gitlab') return headers['private-token'] === TOKEN;
    return headers.authorization === `Bearer ${TOKEN}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? '/', this.url);
    this.asked.push(`${url.pathname}${url.search}`);
    if (!this.#isAllowed(request)) return send(401, { message: 'Bad credentials' });
    if (this.kind === 'github' && request.headers['x-github-api-version'] !== '2022-11-28')
      return send(400, {});
    if (request.headers['user-agent'] === undefined) return send(403, {});
    const limit = this.first.shift();
    if (limit !== undefined) return send(limit.status, {}, limit.headers);
    const etag = `"${url.pathname}${url.search}"`;
    if (request.headers['if-none-match'] === etag) {
      this.notModified += 1;
      return send(304, undefined);
    }
    const pages = this.pages.get(url.pathname);
    if (pages !== undefined) {
      const page = Number(url.searchParams.get('page') ?? '1');
      const next = `<${this.url}${url.pathname}?page=${page + 1}>; rel="next", <${this.url}/x>; rel="last"`;
      return send(200, pages[page - 1] ?? [], { etag, ...(page < pages.length ? { link: next } : {}) });
    }
    const answer = this.answers.get(url.pathname);
    if (answer === undefined) return send(404, { message: 'Not Found' });
    return send(200, answer, { etag });
  }
}

let platform: FakePlatform;
let folder: string;
let waited: number[];
let closeFetch: () => Promise<void>;

async function open(kind: 'github' | 'gitlab', token = TOKEN): Promise<ApiClient> {
  platform = new FakePlatform(kind);
  await platform.start();
  const clock = { nowMs: () => 1_000_000 };
  const bounded = createBoundedFetch({
    clock,
    log: silentLogger,
    trust: { allowPrivateHosts: ['127.0.0.1'] },
  });
  closeFetch = () => bounded.close();
  return new ApiClient({
    fetch: bounded.fetch,
    clock,
    sleep: async (durationMs) => void waited.push(durationMs),
    baseUrl: platform.url,
    headers: kind === 'github' ? githubHeaders : gitlabHeaders,
    token: new Secret(token),
    cacheFolder: path.join(folder, 'cache'),
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-platform-test-'));
  waited = [];
});
afterEach(async () => {
  await closeFetch();
  await platform.stop();
  rmSync(folder, { recursive: true });
});

const repository = (name: string, more = {}) => ({
  full_name: `acme/${name}`,
  default_branch: 'main',
  private: false,
  ...more,
});

function addGithubRepository(name: string, tree: readonly object[]): void {
  platform.answers.set(`/repos/acme/${name}/git/trees/main`, { truncated: false, tree });
}

const blob = (file: string, digit: string, more = {}) => ({
  path: file,
  mode: '100644',
  type: 'blob',
  sha: sha(digit),
  size: 10,
  ...more,
});

describe('an organisation at GitHub', () => {
  it('fetches only definitions, over all pages, and says which settings let attackers in', async () => {
    const client = await open('github');
    platform.pages.set('/orgs/acme/repos', [
      [repository('a')],
      [repository('b', { private: true }), repository('old', { archived: true })],
    ]);
    addGithubRepository('a', [
      blob('.github/workflows/ci.yml', 'a'),
      blob('src/main.c', 'b'),
      blob('../evil/action.yml', 'c'),
      blob('link/action.yml', 'd', { mode: '120000' }),
    ]);
    addGithubRepository('b', []);
    platform.answers.set(`/repos/acme/a/git/blobs/${sha('a')}`, {
      content: base64(WORKFLOW),
      encoding: 'base64',
    });
    platform.answers.set('/repos/acme/a/actions/permissions/workflow', {
      default_workflow_permissions: 'write',
    });
    platform.answers.set('/repos/acme/a/actions/permissions/fork-pr-contributor-approval', {
      approval_policy: 'first_time_contributors_new_to_github',
    });
    platform.answers.set('/repos/acme/a/environments', {
      environments: [
        { name: 'production', protection_rules: [], deployment_branch_policy: null },
        {
          name: 'release',
          protection_rules: [{ type: 'required_reviewers' }],
          deployment_branch_policy: null,
        },
        { name: 'preview', protection_rules: [], deployment_branch_policy: null },
      ],
    });
    platform.answers.set('/repos/acme/a/rules/branches/main', []);
    platform.answers.set('/repos/acme/a/branches/main', { protected: false });
    platform.answers.set('/repos/acme/b/rules/branches/main', [{ type: 'pull_request' }]);
    platform.answers.set('/orgs/acme/actions/secrets', { secrets: [{ name: 'npm_token' }] });
    platform.answers.set('/orgs/acme/actions/runner-groups', {
      runner_groups: [{ name: 'big', visibility: 'all', allows_public_repositories: true }],
    });
    const found = await readGithub(client, 'acme', path.join(folder, 'fetched'));
    expect(found.entries.map(({ name, place }) => [name, place.kind])).toEqual([
      ['acme/a', 'work-tree'],
      ['acme/b', 'work-tree'],
    ]);
    expect(readFileSync(path.join(folder, 'fetched/acme/a/.github/workflows/ci.yml'), 'utf8')).toBe(WORKFLOW);
    expect(existsSync(path.join(folder, 'fetched/acme/evil'))).toBe(false);
    expect(platform.asked.filter((each) => each.includes('/git/blobs/'))).toHaveLength(1);
    expect(found.settings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'high: environments for production in acme/a have neither reviewers nor a rule for branches',
      'medium: workflows without `permissions:` get a token that can write in acme/a',
      'medium: nothing protects the default branch of acme/a',
      'low: runs from forks wait for an approval only with accounts that are new to GitHub in acme/a',
      'high: the runner group `big` of acme takes jobs of public repositories',
    ]);
    expect(found.organisationSecrets).toEqual(new Set(['NPM_TOKEN']));
    expect(found.entries.map(({ settings }) => settings)).toEqual([
      { tokenReadsByDefault: false, guardedEnvironments: ['release'] },
      { tokenReadsByDefault: undefined, guardedEnvironments: undefined },
    ]);
  });

  it('calls unknown what it was not told, and accuses nobody of it', async () => {
    const client = await open('github');
    platform.pages.set('/orgs/acme/repos', [[repository('a')]]);
    addGithubRepository('a', []);
    const found = await readGithub(client, 'acme', path.join(folder, 'fetched'));
    expect(found.settings).toEqual([]);
    expect(found.organisationSecrets).toBeUndefined();
    expect(found.unknown.join('\n')).toContain(
      'Default permissions of the token: not known for one of those asked',
    );
  });

  it('makes a repository whose files it is not shown a record, not an end', async () => {
    const client = await open('github');
    platform.pages.set('/orgs/acme/repos', [[repository('a'), repository('b')]]);
    addGithubRepository('b', []);
    const { entries } = await readGithub(client, 'acme', path.join(folder, 'fetched'));
    expect(entries.map(({ place }) => place.kind)).toEqual(['missing', 'work-tree']);
  });

  it('asks with entity tags the second time, and keeps no token', async () => {
    const client = await open('github');
    platform.pages.set('/orgs/acme/repos', [[repository('a')]]);
    addGithubRepository('a', []);
    const first = await readGithub(client, 'acme', path.join(folder, 'fetched'));
    expect(platform.notModified).toBe(0);
    expect(await readGithub(client, 'acme', path.join(folder, 'fetched'))).toEqual(first);
    expect(platform.notModified).toBe(2);
    const kept = readdirSync(path.join(folder, 'cache')).map((file) =>
      readFileSync(path.join(folder, 'cache', file), 'utf8'),
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.join('')).not.toContain(TOKEN);
  });

  it('waits as long as it is told, for both kinds of limit and for a server that is down', async () => {
    const client = await open('github');
    platform.pages.set('/orgs/acme/repos', [[]]);
    platform.first.push(
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1030' } },
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 502, headers: {} },
    );
    await readGithub(client, 'acme', path.join(folder, 'fetched')).catch(() => undefined);
    expect(waited.slice(0, 2)).toEqual([30_000, 7_000]);
  });

  it('gives up when the wait is longer than an hour, and says that it can be started again', async () => {
    const client = await open('github');
    platform.first.push({ status: 429, headers: { 'retry-after': '90000' } });
    await expect(readGithub(client, 'acme', folder)).rejects.toMatchObject({ code: 'platform_unavailable' });
    expect(waited).toEqual([]);
  });

  it('does not go on with a token that is not accepted, and does not print it', async () => {
    const client = await open('github', 'wrong-token');
    const error = await readGithub(client, 'acme', folder).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'platform_refused' });
    expect(String(error)).not.toContain('wrong-token');
  });

  it('follows no page to another server', async () => {
    const client = await open('github');
    platform.first.push({ status: 200, headers: { link: '<https://example.com/more>; rel="next"' } });
    const answer = await client.get('/anything');
    expect(answer).toMatchObject({ kind: 'found', next: undefined });
  });
});

describe('a group at GitLab', () => {
  it('fetches only definitions, and reads flags of variables without keeping a value', async () => {
    const client = await open('gitlab');
    platform.pages.set('/groups/acme%2Fteam/projects', [
      [{ id: 7, path_with_namespace: 'acme/team/app', default_branch: 'main' }],
    ]);
    platform.pages.set('/projects/7/repository/tree', [
      [{ path: '.gitlab-ci.yml', type: 'blob', mode: '100644' }],
      [{ path: 'README.md', type: 'blob', mode: '100644' }],
    ]);
    const content = base64('a: { script: [make] }\n');
    platform.answers.set('/projects/7/repository/files/.gitlab-ci.yml', {
      content,
      encoding: 'base64',
      size: 22,
    });
    platform.pages.set('/projects/7/protected_branches', [[{ name: 'ma*', allow_force_push: true }]]);
    platform.pages.set('/projects/7/variables', [
      [{ key: 'DEPLOY_KEY', value: 'the-value-itself', protected: false, masked: true }],
    ]);
    platform.pages.set('/projects/7/environments', [
      [{ name: 'production' }, { name: 'release' }, { name: 'review/1' }],
    ]);
    platform.pages.set('/projects/7/protected_environments', [[{ name: 'release' }]]);
    platform.answers.set('/projects/7/job_token_scope', { inbound_enabled: false });
    const found = await readGitlab(client, 'acme/team', path.join(folder, 'fetched'));
    expect(found.entries).toMatchObject([{ name: 'acme/team/app', place: { kind: 'work-tree' } }]);
    expect(found.settings.map(({ message }) => message)).toEqual([
      'masked variables (DEPLOY_KEY) of acme/team/app are there on every branch',
      'environments for production in acme/team/app are not protected',
      'nothing protects the default branch of acme/team/app, or it may be pushed over',
      'job tokens of every other project reach acme/team/app',
    ]);
    const kept = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = kept.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.join('')).not.toContain('the-value-itself');
    expect(found.unknown).toEqual([]);
  });
});
