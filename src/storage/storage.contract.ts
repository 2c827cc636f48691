import { describe } from 'vitest';
import { describeDecisionIndex } from './contract/decision-index.contract.ts';
import { describeActivity } from './contract/activity.contract.ts';
import { describeConfigurationChanges } from './contract/changes.contract.ts';
import { describeCommit } from './contract/commit.contract.ts';
import { describeEventTexts } from './contract/event-texts.contract.ts';
import { describeEvents } from './contract/events.contract.ts';
import { describeFindings } from './contract/findings.contract.ts';
import { describeFindingSearch } from './contract/finding-search.contract.ts';
import type { OpenHarness } from './contract/fixtures.ts';
import { describeLog } from './contract/log.contract.ts';
import { describeLogRetention } from './contract/log-retention.contract.ts';
import { describeLeases } from './contract/leases.contract.ts';
import { describePeople } from './contract/people.contract.ts';
import { describeSinkStore } from './contract/sinks.contract.ts';
import { describeModel } from './contract/model.contract.ts';
import { describeTables } from './contract/tables.contract.ts';
import { describeInventory } from './contract/inventory.contract.ts';

/** What every store must do; `open` gives each test an empty one. */
export function describeStorage(name: string, open: OpenHarness): void {
  describe(name, () => {
    describeCommit(open);
    describeLeases(open);
    describeEvents(open);
    describeTables(open);
    describePeople(open);
    describeFindings(open);
    describeFindingSearch(open);
    describeEventTexts(open);
    describeLog(open);
    describeLogRetention(open);
    describeSinkStore(open);
    describeActivity(open);
    describeDecisionIndex(open);
    describeConfigurationChanges(open);
    describeInventory(open);
    describeModel(open);
  });
}
