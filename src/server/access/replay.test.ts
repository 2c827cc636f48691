import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';
import { exampleFiles, shapeOf, shopPolicy } from './access-example.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  await server.access.use(exampleFiles);
  token = server.openSession();
});
afterEach(() => server.close());

const narrowed = shopPolicy.replace(
  ');\n',
  ') when { principal has trigger && principal.trigger == "push" };\n',
);
const replay = (changes: Record<string, string | null>, by = token) =>
  server.call({ path: '/v1/policies/replay', token: by, json: { changes } });

describe('a replay', () => {
  it('says who would lose access, with the fact that makes the difference', async () => {
    server.access.shapes.push(shapeOf(), shapeOf({ trigger: 'schedule' }, { issued: 3 }));
    const value = valueOf('replayPolicies', await replay({ 'policies/shop.cedar': narrowed }));
    expect(value).toMatchObject({
      runs: 43,
      kinds: 2,
      gain: [],
      unchanged: { allowed: 1, denied: 0 },
      lose: [
        {
          workload: 'acme/shop@refs/heads/main',
          resource: 'registry',
          runs: 3,
          before: ['shop-publish'],
          after: [],
          reason: 'no_permit',
        },
      ],
    });
    expect(value.lose[0]?.facts).toContainEqual({
      name: 'principal.trigger',
      expected: 'push',
      received: 'schedule',
    });
  });

  it('counts what it cannot replay, and says what it does not look at', async () => {
    const unreadable = shapeOf();
    const latest = { ...unreadable.latest, body: { identity: { old: true } } };
    const unverified = { ...unreadable.latest, body: { denial: { code: 'token_expired' } } };
    server.access.shapes.push({ ...unreadable, latest }, { ...unreadable, latest: unverified });
    const yaml = `${exampleFiles['vouchgate.yaml']}audience: https://other.example\n`;
    const value = valueOf('replayPolicies', await replay({ 'vouchgate.yaml': yaml }));
    expect(value).toMatchObject({ kinds: 0, notReplayed: { unreadable: 40, unverified: 40 } });
    expect(value.notes[0]).toContain('vouchgate.yaml');
  });

  it('replays a run of which the person was erased, and says so', async () => {
    const shape = shapeOf();
    const identity = { ...Object(shape.latest.body['identity']), actor: '[personal]' };
    server.access.shapes.push({ ...shape, latest: { ...shape.latest, body: { identity } } });
    const value = valueOf('replayPolicies', await replay({ 'policies/shop.cedar': narrowed }));
    expect(value).toMatchObject({ kinds: 1, erased: 1, unchanged: { allowed: 1 } });
  });

  it('takes the same job under two policies for one', async () => {
    server.access.shapes.push(shapeOf(), shapeOf({}, { issued: 2 }, { policies: ['former'] }));
    const value = valueOf('replayPolicies', await replay({ 'policies/shop.cedar': null }));
    expect(value).toMatchObject({ kinds: 1, lose: [{ runs: 42 }] });
  });

  it('is refused for what is not valid', async () => {
    expect(problemIn(await replay({ 'policies/shop.cedar': 'permit' })).code).toBe('proposal_invalid');
  });
});

describe('a check', () => {
  it('gives the place of every problem, and digests to propose and approve by', async () => {
    const check = (text: string) =>
      server.call({ path: '/v1/policies/check', token, json: { changes: { 'policies/shop.cedar': text } } });
    const wrong = shopPolicy.replace('Project::"github/456"', 'Projekt::"github/456"');
    const value = valueOf('checkPolicies', await check(wrong));
    expect(value).toMatchObject({
      valid: false,
      problems: [{ file: 'policies/shop.cedar', severity: 'error', code: 'entity_type_unknown' }],
    });
    expect(value.problems[0]?.line).toBeGreaterThan(1);
    expect(valueOf('checkPolicies', await check(narrowed))).toMatchObject({ valid: true, problems: [] });
  });
});

it('suggestions can be proposed as they are, and lose nobody', async () => {
  server.access.shapes.push(shapeOf());
  const answer = await server.call({ path: '/v1/policies/suggestions', token });
  const { suggestions } = valueOf('listSuggestions', answer);
  const narrow = suggestions.find(({ kind }) => kind === 'narrow');
  expect(narrow).toMatchObject({ policy: 'shop-publish', replay: { lose: 0 } });
  const changes = narrow?.changes ?? {};
  expect(valueOf('replayPolicies', await replay(changes))).toMatchObject({ lose: [], gain: [] });
  expect(suggestions.map(({ kind }) => kind)).toContain('unused-resource');
});

describe('what stands in the configuration', () => {
  it('is listed with the use that was made of it', async () => {
    server.access.shapes.push(
      shapeOf(),
      shapeOf({ trigger: 'api', project: { id: '9', path: 'acme/x' } }, { denied: 5 }),
    );
    const list = async <Id extends 'listPolicies' | 'listResources' | 'listIdentityProviders'>(
      id: Id,
      path: string,
    ) => valueOf(id, await server.call({ path, token }));
    expect(await list('listPolicies', '/v1/policies')).toMatchObject({
      policies: [
        { id: 'shop-publish', line: 2, lastLine: 7, use: { allowed: 40, denied: 0 }, usedByTotal: 1 },
      ],
    });
    expect(await list('listResources', '/v1/resources')).toMatchObject({
      resources: [
        {
          name: 'registry',
          use: { allowed: 40, denied: 5 },
          workloads: 2,
          policies: ['shop-publish'],
          frozen: null,
        },
        { name: 'archive', use: { allowed: 0, lastUsed: null }, policies: [] },
      ],
    });
    expect(await list('listIdentityProviders', '/v1/identity-providers')).toMatchObject({
      identityProviders: [{ name: 'github', platform: 'github-actions', repositories: 2 }],
    });
    const one = valueOf('getResource', await server.call({ path: '/v1/resources/registry', token }));
    expect(one.usedBy.map(({ repository, allowedNow }) => [repository, allowedNow])).toEqual([
      ['acme/shop', true],
      ['acme/x', false],
    ]);
  });

  it('shows to those of some repositories the use of these alone', async () => {
    server.access.shapes.push(shapeOf(), shapeOf({ project: { id: '9', path: 'globex/x' } }));
    const developer = server.openSessionAs('shop-devs');
    const answer = await server.call({ path: '/v1/resources/registry', token: developer });
    const value = valueOf('getResource', answer);
    expect(value.usedBy.map(({ repository }) => repository)).toEqual(['acme/shop']);
    expect(value.liveLeases).toBeNull();
    expect(problemIn(await replay({ 'policies/shop.cedar': narrowed }, developer)).code).toBe(
      'access_denied',
    );
  });

  it('can be completed with what was recorded', async () => {
    server.access.shapes.push(shapeOf());
    const schema = valueOf('getPolicySchema', await server.call({ path: '/v1/policies/schema', token }));
    const ref = schema.attributes.find(({ path }) => path === 'principal.ref.full');
    expect(ref).toMatchObject({ type: 'String', optional: true, values: ['refs/heads/main'] });
    expect(schema).toMatchObject({
      projects: [{ id: 'github/456', path: 'acme/shop' }],
      orgs: [{ id: 'github/123', name: 'acme' }],
    });
  });
});
