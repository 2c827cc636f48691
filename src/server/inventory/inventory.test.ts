import { beforeEach, describe, expect, it } from 'vitest';
import { inventoryRoutes } from '#api/routes-inventory.ts';
import type { Route } from '#api/route.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import { DEFINITIONS_SCHEMA } from '#inventory/definition-upload.ts';
import { SAMPLE_FILES, sampleRecord } from '#inventory/testing/sample-inspection.ts';
import { type HandlersOf } from '../handler.ts';
import { createTestFindings } from '../findings.fake.ts';
import { FakeBroker, NOW_MS } from '../broker.fake.ts';
import { createTestDecisions } from '../decisions.fake.ts';
import { FakeEventStore } from '../stores.fake.ts';
import type { Person } from '../ports.ts';
import { createInventoryHandlers } from './create-inventory-handlers.ts';
import { createTestInventory } from './inventory.fake.ts';

type InventoryRoute = keyof typeof inventoryRoutes;

const preview = '.github/workflows/preview.yml';
const clock = { nowMs: () => NOW_MS };

function person(scope: RepositoryScope = { kind: 'all' }): Person {
  const caller: Partial<Person> = { id: 'ses_1', subject: 'mia', scope };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- handlers read nothing else of a person
  return caller as Person;
}
const team = person({ kind: 'some', patterns: ['acme/docs', 'globex/*'] });

let inventory: ReturnType<typeof createTestInventory>;
let handlers: HandlersOf<InventoryRoute>;
beforeEach(() => {
  const { decisions } = createTestDecisions(new FakeEventStore(), clock);
  inventory = createTestInventory(createTestFindings(clock).tracker, clock);
  handlers = createInventoryHandlers({ inventory, decisions, broker: new FakeBroker(), clock });
});

/** Calls a handler as the dispatcher does: what comes in and what goes out passes the schemas of the route. */
async function call(id: InventoryRoute, query: Record<string, string>, caller = person(), body?: Uint8Array) {
  const route: Route = inventoryRoutes[id];
  const request = { params: {}, query: route.query?.parse(query), body, caller, sourceIp: undefined };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-explicit-any -- parsed by its schema
  const { value } = await (handlers[id] as (given: unknown) => Promise<{ value: unknown }>)(request);
  expect(route.answer.schema?.parse(value)).toEqual(value);
  return value;
}

const upload = (files: readonly object[] = SAMPLE_FILES) =>
  Buffer.from(JSON.stringify({ schema: DEFINITIONS_SCHEMA, files }));
const target = { repository: 'acme/shop', commit: 'abcdef0123', branch: 'main' };

describe('definitions that are handed in', () => {
  it('are inspected, and show in every list', async () => {
    expect(await call('inspectRepository', target, person(), upload())).toMatchObject({
      inventory: 'updated',
      pipelines: 2,
      attackPaths: 1,
      staticCredentials: 2,
    });
    expect(await call('listRepositories', {})).toMatchObject({
      repositories: [{ name: 'acme/shop', platforms: ['github'], worst: 'critical', inspectedBy: 'mia' }],
      next: null,
    });
    expect(await call('getRepository', { name: 'acme/shop' })).toMatchObject({
      thirdParties: [{ name: 'some-org/setup' }],
    });
    expect(await call('listPipelines', { outsiders: 'true' })).toMatchObject({
      pipelines: [{ file: preview }],
    });
    const name = { repository: 'acme/shop', file: preview };
    expect(await call('getPipeline', name)).toMatchObject({
      jobs: [{ id: 'preview' }],
      attackPaths: [
        { repository: 'acme/shop', changes: [{ kind: 'mend', fix: { patch: expect.any(String) } }, {}, {}] },
      ],
      staticCredentials: [{ kind: 'aws' }],
    });
    expect(await call('getPipelineAuthority', name)).toMatchObject({ left: 0 });
    expect(await call('getPipelineSource', name)).toMatchObject({ cut: false });
    expect(await call('getPipelineAccess', name)).toMatchObject({
      resources: [],
      reachable: [
        { kind: 'stored-secret', name: 'AWS_ACCESS_KEY_ID', used: null },
        { kind: 'stored-secret', name: 'AWS_SECRET_ACCESS_KEY', used: null },
      ],
      complete: true,
    });
  });

  it.each([
    ['no definitions at all', Buffer.from('{'), 'definitions_invalid'],
    ['a name that leads out', upload([{ file: '../x.yml', text: '' }]), 'definitions_invalid'],
  ])('are refused: %s', async (_what, body, code) => {
    await expect(call('inspectRepository', target, person(), body)).rejects.toMatchObject({ code });
  });

  it('of a repository outside of one’s scope are refused before they are read', async () => {
    const refused = call('inspectRepository', target, team, Buffer.from('{'));
    await expect(refused).rejects.toMatchObject({ code: 'access_denied' });
    const own = call('inspectRepository', { ...target, repository: 'globex/web' }, team, upload());
    expect(await own).toMatchObject({ inventory: 'updated' });
  });
});

describe('a person of a team', () => {
  beforeEach(async () => {
    await inventory.store.save(sampleRecord());
    await inventory.store.save(sampleRecord({ repository: 'acme/docs', id: 'ins_2' }));
  });

  it('sees its own repositories in lists, and no others', async () => {
    expect(await call('listRepositories', {}, team)).toMatchObject({ repositories: [{ name: 'acme/docs' }] });
    for (const [id, key] of [
      ['listPipelines', 'pipelines'],
      ['listAttackPaths', 'attackPaths'],
      ['listStaticCredentials', 'credentials'],
    ] as const) {
      const all = JSON.stringify(await call(id, {}, team));
      expect(all).toContain('acme/docs');
      expect(all).not.toContain('acme/shop');
      expect(await call(id, { repository: 'acme/shop' }, team)).toEqual({ [key]: [], next: null });
    }
  });

  it('is told of everything else that there is no such thing', async () => {
    const { rows: attacks } = await inventory.store.attackPaths({ scope: { kind: 'all' } }, { limit: 9 });
    const { rows: stored } = await inventory.store.credentials({ scope: { kind: 'all' } }, { limit: 9 });
    const item = (rows: readonly { repository: string; id: string }[]) => ({
      repository: 'acme/shop',
      id: rows.find(({ repository }) => repository === 'acme/shop')?.id ?? '',
    });
    const name = { repository: 'acme/shop', file: preview };
    for (const [id, query, code] of [
      ['getRepository', { name: 'acme/shop' }, 'repository_unknown'],
      ['getPipeline', name, 'pipeline_unknown'],
      ['getPipelineAuthority', name, 'pipeline_unknown'],
      ['getPipelineSource', name, 'pipeline_unknown'],
      ['getPipelineAccess', name, 'pipeline_unknown'],
      ['getAttackPath', item(attacks), 'not_found'],
      ['getStaticCredential', item(stored), 'not_found'],
    ] as const) {
      await expect(call(id, query, team), id).rejects.toMatchObject({ code });
      await expect(call(id, query), id).resolves.toBeDefined();
    }
  });
});

describe('pages of a list', () => {
  it('join, and an invented place is refused', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) {
      await inventory.store.save(sampleRecord({ repository, id: `ins_${repository}` }));
    }
    const first = await call('listRepositories', { limit: '2' });
    expect(first).toMatchObject({ repositories: [{ name: 'acme/a' }, { name: 'acme/b' }] });
    const { next } = first as { next: string };
    expect(await call('listRepositories', { limit: '2', after: next })).toMatchObject({
      repositories: [{ name: 'acme/c' }],
      next: null,
    });
    for (const after of ['x', 'W10', Buffer.from('[1.5,"a","b"]').toString('base64url')]) {
      await expect(call('listRepositories', { after })).rejects.toMatchObject({ code: 'request_invalid' });
    }
  });
});
