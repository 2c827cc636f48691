import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreError } from '#core/store-error.ts';
import { createFakeSigner, createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import type { LiveRuntime } from './build-runtime.ts';
import { type ConfigurationManager, createConfigurationManager } from './configuration-manager.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

interface Options {
  url?: string;
  provider?: string;
  hosts?: string;
}

function files({
  url = 'https://v.example',
  provider = 'own',
  hosts = '',
}: Options = {}): Record<string, string> {
  return {
    'vouchgate.yaml': `version: 1
url: ${url}
identityProviders:
  github: { type: github-actions }
credentialProviders:
  ${provider}: { type: oidc-token }
resources:
  registry:
    credentialProvider: ${provider}
    parameters: { audience: https://packages.example }
network: { allowPrivateHosts: [${hosts}] }
`,
    'policies/p.cedar': '@id("p") forbid (principal, action, resource);',
  };
}

const broken = { 'vouchgate.yaml': 'version: 2\n' };

function start(storage: Storage = openMemoryStorage()) {
  const opened: { hosts: readonly string[]; closed: boolean }[] = [];
  const log = createRecordingLogger();
  let nowMs = 1_000_000;
  const manager: ConfigurationManager = createConfigurationManager({
    store: storage.configurations,
    events: storage.events,
    clock: { nowMs: () => (nowMs += 1) },
    log,
    signer: createFakeSigner(),
    sealedSecrets: { read: async () => undefined },
    resolveSecret: () => Promise.reject(new Error('not here')),
    openFetch: (hosts) => {
      const network = { hosts, closed: false };
      opened.push(network);
      return {
        fetch: () => Promise.reject(new Error(network.closed ? 'closed' : `reached ${hosts.join()}`)),
        close: async () => {
          network.closed = true;
        },
      };
    },
  });
  return { manager, storage, opened, log };
}

async function typesOf(storage: Storage): Promise<string[]> {
  return (await storage.events.list({ afterSequence: -1, limit: 1_000 })).map(({ type }) => type);
}

describe('a configuration', () => {
  test('is stored and on record before it is in force, once for the same files', async () => {
    const { manager, storage } = start();
    expect(manager.current()).toBeUndefined();
    expect(await manager.apply(files())).toMatchObject({ applied: true, changed: true });
    expect(await manager.apply(files())).toMatchObject({ applied: true, changed: false });
    expect(await typesOf(storage)).toEqual(['configuration.applied']);
    const { inForce, resources } = manager.status();
    expect(await storage.configurations.latestConfiguration()).toMatchObject({
      id: inForce?.id,
      files: files(),
    });
    expect(resources).toMatchObject([{ name: 'registry', credentialType: 'oidc-token' }]);
  });

  test('is found by the policy version that decisions name, also when an older server had stored it', async () => {
    const { manager, storage } = start();
    await manager.apply(files());
    const version = manager.configuration()?.policy.version ?? '';
    const stored = await storage.configurations.configurationByPolicyVersion(version);
    expect(stored).toMatchObject({ files: files() });
    const older = start();
    const { policyVersion: _, ...before } = stored ?? { id: 'cfg_0', digest: '', appliedAtMs: 0, files: {} };
    await older.storage.configurations.saveConfiguration(before);
    await older.manager.apply(files());
    expect(await older.storage.configurations.configurationByPolicyVersion(version)).toBeDefined();
  });

  test('with a mistake changes nothing, is on record once, and is shown until it is mended', async () => {
    const { manager, storage } = start();
    await manager.apply(files());
    const before = manager.current();
    for (let round = 0; round < 3; round += 1) {
      expect(await manager.apply(broken)).toMatchObject({ applied: false });
    }
    expect(manager.current()).toBe(before);
    expect(manager.status().refused?.problems[0]).toMatchObject({ file: 'vouchgate.yaml', line: 1 });
    expect(await typesOf(storage)).toEqual(['configuration.applied', 'configuration.refused']);
    await manager.apply(files());
    expect(manager.status().refused).toBeUndefined();
    await manager.apply(broken);
    expect((await typesOf(storage)).filter((type) => type === 'configuration.refused')).toHaveLength(2);
  });

  test('is not in force when it cannot be recorded, and is tried again', async () => {
    for (const method of ['append', 'save'] as const) {
      const { manager, storage } = start();
      const working = { events: { ...storage.events }, configurations: { ...storage.configurations } };
      const fail = () => Promise.reject(new StoreError('store_unavailable', 'down'));
      if (method === 'append') storage.events.append = fail;
      else storage.configurations.saveConfiguration = fail;
      await expect(manager.apply(files())).rejects.toThrow(StoreError);
      expect(manager.current()).toBeUndefined();
      Object.assign(storage.events, working.events);
      Object.assign(storage.configurations, working.configurations);
      expect(await manager.apply(files())).toMatchObject({ applied: true });
      expect(await typesOf(storage)).toContain('configuration.applied');
    }
  });

  test('that is refused is recorded even when the first attempt to record it failed', async () => {
    const { manager, storage } = start();
    const working = { ...storage.events };
    storage.events.append = () => Promise.reject(new StoreError('store_full', 'full'));
    await expect(manager.apply(broken)).rejects.toThrow(StoreError);
    Object.assign(storage.events, working);
    await manager.apply(broken);
    expect(await typesOf(storage)).toEqual(['configuration.refused']);
  });

  test('is applied in the order of the calls, however many come at once', async () => {
    const { manager } = start();
    const calls = Array.from({ length: 20 }, (_, at) => manager.apply(at % 2 === 0 ? files() : broken));
    await Promise.all([...calls, manager.apply(files({ provider: 'last' }))]);
    expect([...(manager.configuration()?.credentialProviders.keys() ?? [])]).toEqual(['last']);
  });

  test('cannot change the URL that tokens were issued under', async () => {
    const { manager } = start();
    await manager.apply(files());
    manager.pinUrl('https://v.example');
    expect(await manager.apply(files({ url: 'https://w.example' }))).toMatchObject({
      problems: [{ remedy: expect.stringContaining('Restart') }],
    });
    const { manager: empty } = start();
    empty.pinUrl('http://127.0.0.1:8440');
    expect(await empty.apply(files())).toMatchObject({ applied: false });
  });

  test('of two servers with the same files is one version', async () => {
    const storage = openMemoryStorage();
    const [one, other] = [start(storage).manager, start(storage).manager];
    await one.apply(files());
    expect(await other.apply(files())).toMatchObject({ applied: true, changed: false });
    expect(other.status().inForce).toEqual(one.status().inForce);
    await other.apply(files({ provider: 'theirs' }));
    // The first one polls its own folder: it does not put its version back.
    await one.apply(files());
    expect(await storage.configurations.configurations(10)).toHaveLength(2);
  });
});

describe('what a new version takes over', () => {
  test('keeps providers that did not change, and finds those that are gone, for their leases', async () => {
    const { manager } = start();
    await manager.apply(files());
    const first = manager.current()?.credentialProvider('own');
    await manager.apply({ ...files(), 'policies/q.cedar': '@id("q") forbid (principal, action, resource);' });
    expect(manager.current()?.credentialProvider('own')).toBe(first);
    await manager.apply(files({ provider: 'renamed' }));
    expect(manager.current()?.credentialProvider('own')).toBe(first);
    expect(manager.current()?.resourceByName('registry')?.credentialProvider).toBe('renamed');
  });

  test('closes the network behind it later, and none that is in use', async () => {
    const { manager, opened } = start();
    await manager.apply(files());
    await manager.apply(files({ hosts: 'db.internal' }));
    expect(opened).toEqual([
      { hosts: [], closed: false },
      { hosts: ['db.internal'], closed: false },
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
    await manager.apply(files({ hosts: 'other.internal' }));
    await manager.close();
    expect(opened.every(({ closed }) => closed)).toBe(true);
  });

  test('sends what providers ask through the newest network, those that were kept, too', async () => {
    const { manager } = start();
    await manager.apply(files());
    const { outlet } = manager.current() as LiveRuntime;
    await manager.apply(files({ hosts: 'db.internal' }));
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(outlet.fetch('https://db.internal/', { bodyBytesMax: 1, timeoutMs: 1 })).rejects.toThrow(
      'reached db.internal',
    );
  });

  test('leaves an exchange under way the version that it began with', async () => {
    const { manager } = start();
    await manager.apply(files());
    const runtime = manager.current();
    await manager.apply(files({ provider: 'renamed' }));
    expect(runtime?.resourceByName('registry')?.credentialProvider).toBe('own');
    expect(runtime?.credentialProvider('own')).toBeDefined();
  });
});

describe('a start with bad files', () => {
  test('puts the last good version in force again', async () => {
    const storage = openMemoryStorage();
    await start(storage).manager.apply(files());
    const { manager } = start(storage);
    await manager.apply(broken);
    expect(await manager.restore()).toBe(true);
    expect(manager.status()).toMatchObject({
      inForce: { id: expect.any(String) },
      refused: { atMs: expect.any(Number) },
    });
  });

  test('denies everything when there is none, or when this version does not accept it any more', async () => {
    const { manager, storage } = start();
    expect(await manager.restore()).toBe(false);
    await storage.configurations.saveConfiguration({
      id: 'cfg_1',
      digest: 'd',
      appliedAtMs: 1,
      files: broken,
    });
    const { manager: next, log } = start(storage);
    expect(await next.restore()).toBe(false);
    expect(next.current()).toBeUndefined();
    expect(log.lines.join()).toContain('configuration.not_restored');
  });
});
