import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { describeStorage } from '../storage.contract.ts';
import { openSqliteStorage } from './open-sqlite-storage.ts';

describeStorage('SQLite storage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-sqlite-'));
  const open = () =>
    openSqliteStorage({ path: join(folder, 'store.db'), log: silentLogger, clock: systemClock });
  let storage = await open();
  return {
    storage,
    reopen: async () => {
      await storage.close();
      storage = await open();
      return storage;
    },
    dispose: async () => {
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
