import type { DecisionIndex } from '#audit/decision-index/ports.ts';
import { createDecisionProjector } from '#audit/decision-index/project-decisions.ts';
import type { StoredConfiguration } from '#broker/configuration-store.ts';
import type { Clock } from '#core/clock.ts';
import { createMemoryDecisionIndex } from '#storage/memory/memory-decision-index.ts';
import type { FakeEventStore } from './stores.fake.ts';

/** The index in memory over what a test records. */
export function createTestDecisions(events: FakeEventStore, clock: Clock) {
  const index = createMemoryDecisionIndex((sequence) =>
    events.recorded.find((event) => event.sequence === sequence),
  );
  const decisions: DecisionIndex = index;
  const versions: StoredConfiguration[] = [];
  return {
    decisions,
    /** What a timer does in a real server. */
    indexDecisions: createDecisionProjector({ index, events, clock, server: 'test' }),
    versions,
    configurations: {
      configurationByPolicyVersion: async (policyVersion: string) =>
        versions.find((version) => version.policyVersion === policyVersion),
    },
  };
}
