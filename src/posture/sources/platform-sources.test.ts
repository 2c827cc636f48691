import { describe, expect, it } from 'vitest';
import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import { Secret } from '#core/secret.ts';
import type { DefinitionSource } from '../definition-source.ts';
import { shaOf } from '../testing/memory-source.ts';
import { createGithubSource } from './github-source.ts';
import { createGitlabSource } from './gitlab-source.ts';

const [COMMIT, BLOB, OTHER] = [shaOf('a'), shaOf('b'), shaOf('c')];
const signal = AbortSignal.timeout(60_000);
const encoded = (text: string) => ({
  content: Buffer.from(text).toString('base64'),
  encoding: 'base64',
  size: text.length,
});

/** Answers by path; anything else is not there. Remembers what it was asked, and with which token. */
function platform(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const tokens = new Set<string | undefined>();
  const fetch: BoundedFetch = async (url, request): Promise<BoundedResponse> => {
    const path = url.replace('https://api.example', '');
    asked.push(path);
    tokens.add(request.headers?.['authorization'] ?? request.headers?.['private-token']);
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (typeof answer === 'number') return { status: answer, headers: {}, body: '' };
    return answer === undefined
      ? { status: 404, headers: {}, body: '{}' }
      : { status: 200, headers: {}, body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
  };
  const options = { url: 'https://api.example', token: async () => new Secret('t'), fetch };
  return { asked, tokens, options };
}

async function read(source: DefinitionSource, repository: string) {
  const snapshot = await source.open(repository, COMMIT, signal);
  const files = await snapshot.list('');
  const texts = await snapshot.read(files, 1_000);
  return Object.fromEntries(files.map(({ file }, index) => [file, texts[index]]));
}

describe('GitHub', () => {
  const entry = (path: string, sha: string, more: object = {}) => ({
    path,
    sha,
    mode: '100644',
    type: 'blob',
    size: 9,
    ...more,
  });
  const TREE = `/repos/acme/shop/git/trees/${COMMIT}?recursive=1`;
  const answers = {
    [TREE]: {
      tree: [
        entry('.github/workflows/ci.yml', BLOB),
        entry('large.yml', OTHER, { size: 100_000 }),
        entry('link.yml', BLOB, { mode: '120000' }),
        entry('../out.yml', BLOB),
        entry('src', OTHER, { type: 'tree', mode: '040000' }),
      ],
    },
    [`/repos/acme/shop/git/blobs/${BLOB}`]: encoded('on: push\n'),
    '/repos/acme/shop': { default_branch: 'main/x' },
    '/repos/acme/shop/commits/main%2Fx': { sha: OTHER },
  };

  it('gives the definitions of a commit, each content once', async () => {
    const { options, asked, tokens } = platform(answers);
    const source = createGithubSource(options);
    expect(await read(source, 'acme/shop')).toEqual({
      '.github/workflows/ci.yml': 'on: push\n',
      'large.yml': undefined,
    });
    await read(source, 'acme/shop');
    expect(asked.filter((path) => path.includes('blobs'))).toHaveLength(1);
    expect([...tokens]).toEqual(['Bearer t']);
    expect(await source.defaultCommit('acme/shop', signal)).toBe(OTHER);
  });

  it.each([
    ['nothing there', {}, 'definition_absent'],
    ['a list with holes', { [TREE]: { tree: [], truncated: true } }, 'definition_too_large'],
    ['a token that is not accepted', { [TREE]: 401 }, 'definition_source_refused'],
    ['a broken server', { [TREE]: 502 }, 'definition_source_unavailable'],
    ['no JSON', { [TREE]: '<html>' }, 'definition_source_refused'],
    [
      'names that are none of git',
      { [TREE]: { tree: [entry('a.yml', '../x')] } },
      'definition_source_refused',
    ],
  ])('with %s gives nothing', async (_, given, code) => {
    await expect(
      createGithubSource(platform(given).options).open('acme/shop', COMMIT, signal),
    ).rejects.toMatchObject({ code });
  });

  it('is never asked for a name that is no repository', async () => {
    const { options, asked } = platform(answers);
    for (const name of ['acme', 'acme/shop/x', '../acme', 'acme/shop?x=1']) {
      await expect(createGithubSource(options).open(name, COMMIT, signal)).rejects.toThrow();
    }
    expect(asked).toEqual([]);
  });
});

describe('GitLab', () => {
  const base = '/projects/acme%2Fteam%2Fshop/repository';
  const tree = (folder: string, recursive: boolean) => {
    const more = folder === '' ? '' : `&path=${encodeURIComponent(folder)}`;
    return `${base}/tree?ref=${COMMIT}&recursive=${recursive}&per_page=100&page=1${more}`;
  };
  const entry = (path: string, id: string) => ({ path, id, mode: '100644', type: 'blob' });
  const answers = {
    [`${base}/commits/${COMMIT}`]: { id: COMMIT },
    [tree('', false)]: [entry('.gitlab-ci.yml', BLOB), entry('README.md', OTHER)],
    [tree('ci', true)]: [entry('ci/deploy.yml', OTHER)],
    [`${base}/files/.gitlab-ci.yml?ref=${COMMIT}`]: encoded('include: /ci/deploy.yml\n'),
    [`${base}/files/ci%2Fdeploy.yml?ref=${COMMIT}`]: encoded('deploy: { script: make }\n'),
    '/projects/acme%2Fteam%2Fshop': { default_branch: 'main' },
    [`${base}/commits/main`]: { id: OTHER },
  };

  it('gives what lies at the root, and folders that are asked for', async () => {
    const { options, tokens } = platform(answers);
    const source = createGitlabSource(options);
    const snapshot = await source.open('acme/team/shop', COMMIT, signal);
    const [root] = await snapshot.list('');
    const below = await snapshot.list('ci');
    expect(await snapshot.read([...(root === undefined ? [] : [root]), ...below], 1_000)).toEqual([
      'include: /ci/deploy.yml\n',
      'deploy: { script: make }\n',
    ]);
    expect([...tokens]).toEqual(['t']);
    expect(await source.defaultCommit('acme/team/shop', signal)).toBe(OTHER);
  });

  it('with another commit than the one that was asked for gives nothing', async () => {
    const given = { [`${base}/commits/${COMMIT}`]: { id: OTHER } };
    for (const each of [given, {}]) {
      await expect(
        createGitlabSource(platform(each).options).open('acme/team/shop', COMMIT, signal),
      ).rejects.toMatchObject({ code: 'definition_absent' });
    }
  });
});
