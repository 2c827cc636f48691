import { describe, expect, it } from 'vitest';
import { newId } from '#core/ids.ts';
import { sampleRecord } from '#inventory/testing/sample-inspection.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { FakeBroker, identityExample, NOW_MS } from '../broker.fake.ts';
import { createTestDecisions } from '../decisions.fake.ts';
import { FakeEventStore } from '../stores.fake.ts';
import { addResources } from './add-resources.ts';
import { authorityView } from './inventory-views.ts';
import { findPipelineAccess } from './pipeline-access.ts';

const FILE = '.github/workflows/release.yml';
const DAY_MS = 86_400_000;
const clock = { nowMs: () => NOW_MS };

/** A broker whose policies let every identity have what `permitted` names. */
class PermittingBroker extends FakeBroker {
  readonly permitted = new Set<string>();
  readonly asked: string[] = [];

  override configurationStatus() {
    const resource = (name: string, storedSecret = false) => ({
      name,
      credentialType: 'sealed',
      credentialProvider: 'vault',
      privileged: false,
      storedSecret,
    });
    const resources = [resource('shop-db'), resource('npm', true), resource('never')];
    return { ...super.configurationStatus(), resources };
  }

  override async simulate(subject: Parameters<FakeBroker['simulate']>[0], target?: string) {
    const simulation = await super.simulate(subject);
    this.asked.push(target ?? '');
    if (!this.permitted.has(target ?? '')) return simulation;
    const decision = { outcome: 'allow', determining: ['all'], policyVersion: 'v1' } as const;
    return { ...simulation, decision };
  }
}

interface Asked {
  readonly resource: string;
  readonly run: string;
  readonly file?: string;
  readonly repository?: string;
  readonly denied?: boolean;
  readonly timeMs?: number;
}

async function setUp(asked: readonly Asked[]) {
  const storage = openMemoryStorage();
  await storage.inventory.save(sampleRecord());
  const events = new FakeEventStore();
  const { decisions, indexDecisions } = createTestDecisions(events, clock);
  for (const {
    resource,
    run,
    file = FILE,
    repository = 'acme/shop',
    denied = false,
    timeMs = NOW_MS - 1_000,
  } of asked) {
    const identity = {
      ...identityExample,
      project: { path: repository },
      ref: { full: 'refs/heads/main' },
      config: { uri: `${repository}/${file}@refs/heads/main` },
      run: { id: run },
      commit: 'c'.repeat(40),
    };
    await events.append([
      {
        id: newId('evt', clock),
        timeMs,
        type: denied ? 'decision.denied' : 'decision.issued',
        actor: { kind: 'workload', id: 'github/1' },
        decision: newId('dec', clock),
        resource,
        body: { identity, ...(denied && { denial: { code: 'no_permit' } }) },
      },
    ]);
  }
  await indexDecisions();
  const broker = new PermittingBroker();
  const detail = await storage.inventory.pipeline('acme/shop', FILE);
  if (detail === undefined) throw new Error('the sample was not saved');
  const options = {
    inventory: { store: storage.inventory, takeIn: async () => Promise.reject() },
    decisions,
    broker,
    clock,
  };
  return { broker, storage, access: () => findPipelineAccess(detail, options) };
}

describe('what a pipeline used of what it could reach', () => {
  it('is counted by resource and by run, its own alone', async () => {
    const { access } = await setUp([
      { resource: 'shop-db', run: '1' },
      { resource: 'shop-db', run: '2' },
      { resource: 'npm', run: '2' },
      { resource: 'never', run: '2', denied: true },
      { resource: 'shop-db', run: '9', file: '.github/workflows/preview.yml' },
      { resource: 'shop-db', run: '8', repository: 'acme/other' },
      { resource: 'shop-db', run: '7', timeMs: NOW_MS - 31 * DAY_MS },
    ]);
    const { resources, runs, complete } = await access();
    expect(
      resources.map(({ name, issued, denied, storedSecret }) => [name, issued, denied, storedSecret]),
    ).toEqual(
      expect.arrayContaining([
        ['shop-db', 2, 0, false],
        ['npm', 1, 0, true],
        ['never', 0, 1, false],
      ]),
    );
    expect(resources).toHaveLength(3);
    expect(runs.map(({ run, decisions, denied }) => [run, decisions, denied])).toEqual([
      ['2', 3, 1],
      ['1', 1, 0],
    ]);
    expect(runs[0]).toMatchObject({ ref: 'refs/heads/main', commit: 'c'.repeat(40) });
    expect(complete).toBe(true);
  });

  it('tells what is known from what is inferred', async () => {
    const { access, broker } = await setUp([{ resource: 'shop-db', run: '1' }]);
    broker.permitted.add('never').add('shop-db');
    const { reachable } = await access();
    expect(reachable).toMatchObject([
      { kind: 'resource', name: 'shop-db', used: true },
      { kind: 'resource', name: 'never', used: false, because: expect.stringContaining('inferred') },
      { kind: 'stored-secret', name: 'NPM_TOKEN', used: null },
    ]);
    expect(broker.asked.toSorted((one, other) => one.localeCompare(other))).toEqual(['never', 'npm']);
  });

  it('asks no policy about a pipeline that never showed an identity', async () => {
    const { access, broker } = await setUp([]);
    broker.permitted.add('never');
    expect(await access()).toMatchObject({ resources: [], runs: [], reachable: [{ name: 'NPM_TOKEN' }] });
    expect(broker.asked).toEqual([]);
  });

  it('stands at the end of the authority graph, behind the identities', async () => {
    const { access, broker, storage } = await setUp([{ resource: 'shop-db', run: '1' }]);
    broker.permitted.add('never');
    const authority = await storage.inventory.authority('acme/shop', '.github/workflows/preview.yml');
    const graph = authorityView(authority ?? { nodes: [], edges: [], left: 0 });
    const { nodes, edges } = addResources(graph, await access());
    expect(nodes.filter(({ kind }) => kind === 'resource')).toMatchObject([
      { label: 'shop-db', detail: 'issued 1 × in the last 30 days' },
      { label: 'never', detail: 'never used in the last 30 days' },
    ]);
    expect(edges.filter(({ kind }) => kind === 'opens').map(({ from }) => from)).toEqual(
      Array(2).fill('identity:.github/workflows/preview.yml#preview'),
    );
    expect(addResources({ nodes: [], edges: [], left: 0 }, await access()).nodes).toEqual([]);
  });
});
