import { openMemoryStorage } from './open-memory-storage.ts';
import { describeStorage } from '../storage.contract.ts';

describeStorage('memory storage', async () => ({
  storage: openMemoryStorage(),
  reopen: undefined,
  dispose: async () => {},
}));
