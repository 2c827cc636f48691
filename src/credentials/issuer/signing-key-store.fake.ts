import { StoreError } from '#core/store-error.ts';
import type { SigningKeyStore, StoredSigningKey } from '../ports.ts';

export interface FakeSigningKeyStore extends SigningKeyStore {
  setDown(down: boolean): void;
  /** What the port does not allow, but somebody with access to the database can do. */
  replace(key: StoredSigningKey): void;
}

/** For tests: several key rings can share it, and it refuses what a real one refuses. */
export function createFakeSigningKeyStore(): FakeSigningKeyStore {
  const rows = new Map<string, StoredSigningKey>();
  let isDown = false;
  const reach = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (isDown) throw new StoreError('store_unavailable', 'The store is gone.');
  };
  return {
    setDown(down) {
      isDown = down;
    },
    replace(key) {
      rows.set(key.id, key);
    },
    async list() {
      await reach();
      return [...rows.values()].map((row) => ({ ...row }));
    },
    async add(key) {
      await reach();
      const taken = [...rows.values()].some(
        ({ algorithm, activeFromMs }) => algorithm === key.algorithm && activeFromMs === key.activeFromMs,
      );
      if (taken) return false;
      rows.set(key.id, { ...key });
      return true;
    },
    async retire(id, retiredAtMs) {
      await reach();
      const row = rows.get(id);
      if (row === undefined) throw new StoreError('store_corrupt', `There is no key ${id}.`);
      rows.set(id, { ...row, retiredAtMs });
    },
  };
}
