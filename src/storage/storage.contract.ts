import { describe } from 'vitest';
import { describeActivity } from './contract/activity.contract.ts';
import { describeCommit } from './contract/commit.contract.ts';
import { describeEvents } from './contract/events.contract.ts';
import { describeFindings } from './contract/findings.contract.ts';
import type { OpenHarness } from './contract/fixtures.ts';
import { describeLog } from './contract/log.contract.ts';
import { describeLeases } from './contract/leases.contract.ts';
import { describeSinkStore } from './contract/sinks.contract.ts';
import { describeModel } from './contract/model.contract.ts';
import { describeTables } from './contract/tables.contract.ts';

/** What every store must do; `open` gives each test an empty one. */
export function describeStorage(name: string, open: OpenHarness): void {
  describe(name, () => {
    describeCommit(open);
    describeLeases(open);
    describeEvents(open);
    describeTables(open);
    describeFindings(open);
    describeLog(open);
    describeSinkStore(open);
    describeActivity(open);
    describeModel(open);
  });
}
