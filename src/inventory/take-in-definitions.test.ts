import { describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { createDefinitionIntake, type DefinitionsRequest } from './take-in-definitions.ts';
import { inspectSample, SAMPLE_FILES, SAMPLE_MS } from './testing/sample-inspection.ts';

const everything = { scope: ALL_REPOSITORIES };
const page = { limit: 50 };

function setUp() {
  const storage = openMemoryStorage();
  const time = { nowMs: SAMPLE_MS };
  const clock = { nowMs: () => time.nowMs };
  const files = { now: SAMPLE_FILES };
  const takeIn = createDefinitionIntake({
    store: storage.inventory,
    tracker: createFindingTracker({
      store: storage.findings,
      clock,
      settings: () => defaultTrackingSettings,
    }),
    inspector: {
      inspect: async ({ repository }) => inspectSample(files.now, repository),
      close: async () => {},
    },
    defaultBranches: () => ['main', 'trunk'],
    toolVersion: '0.0.0',
    clock,
  });
  const take = (change: Partial<DefinitionsRequest> = {}) =>
    takeIn({
      repository: 'acme/shop',
      branch: 'main',
      commit: 'abcdef0123',
      bytes: new Uint8Array(),
      by: 'mia',
      ...change,
    });
  const findings = () => storage.findings.findings({}, page, time.nowMs);
  return { storage, time, files, take, findings };
}

describe('definitions that are taken in', () => {
  it('are in the inventory, their findings among all others, and the upload in the record', async () => {
    const { storage, take, findings } = setUp();
    expect(await take()).toMatchObject({ inventory: 'updated', repository: { by: 'mia', branch: 'main' } });
    const { rows } = await storage.inventory.repositories(everything, page);
    expect(rows).toMatchObject([{ repository: 'acme/shop', commit: 'abcdef0123', attackPaths: 1 }]);
    const [finding] = await findings();
    expect(finding).toMatchObject({ scope: { tool: 'vouchgate', target: 'branch=main' }, state: 'new' });
    const events = await storage.events.list({ limit: 10 });
    expect(events).toMatchObject([{ type: 'findings.imported', actor: { kind: 'person', id: 'mia' } }]);
  });

  it('close what is gone', async () => {
    const { time, files, take, findings } = setUp();
    await take();
    const before = (await findings()).length;
    files.now = SAMPLE_FILES.slice(1);
    time.nowMs += 1_000;
    await take();
    const fixed = (await findings()).filter(({ state }) => state === 'fixed');
    expect(fixed.length).toBeGreaterThan(0);
    expect(fixed.length).toBeLessThan(before);
  });

  it('of another branch are tracked, and leave the inventory as it is', async () => {
    const { storage, take, findings } = setUp();
    expect(await take({ branch: 'refs/heads/feature/x' })).toMatchObject({ inventory: 'other-branch' });
    expect((await storage.inventory.repositories(everything, page)).rows).toEqual([]);
    expect((await findings())[0]?.scope.target).toBe('branch=feature/x');
    expect(await take({ branch: 'trunk' })).toMatchObject({ inventory: 'updated' });
    expect(await take({ branch: undefined, repository: 'acme/other' })).toMatchObject({
      inventory: 'updated',
    });
  });

  it('are refused for a repository without a usable name', async () => {
    const { take } = setUp();
    await expect(take({ repository: 'a\u001b' })).rejects.toMatchObject({ code: 'repository_invalid' });
  });
});
