import { describe, expect, it } from 'vitest';
import type { ReplayedUse } from '#api/replay.ts';
import { summariseReplay } from './summarise-replay.ts';

const use = (runs: number): ReplayedUse => ({
  workload: 'acme/shop',
  principal: 'github/x',
  repository: 'acme/shop',
  resource: 'shop-db',
  runs,
  lastSeen: '2026-11-01T00:00:00.000Z',
  lastDecision: 'dec_1',
  before: [],
  after: [],
  reason: null,
  facts: [],
});
const none = { lose: [], gain: [], unclear: [], runs: 1_421, days: 30 };

describe('a replay in one sentence', () => {
  it('says that nobody is hit', () => {
    expect(summariseReplay(none)).toBe('Nobody loses and nobody gains access, in 1,421 runs of 30 days.');
  });

  it('says who is hit, and how much of what ran that is', () => {
    expect(summariseReplay({ ...none, lose: [use(3), use(2)], gain: [use(1)] })).toBe(
      '2 jobs would lose access, 1 job would gain it: 6 of 1,421 runs in 30 days.',
    );
    expect(summariseReplay({ ...none, unclear: [use(9)] })).toBe(
      'Nobody would lose access, for 1 job nobody can say: 9 of 1,421 runs in 30 days.',
    );
  });
});
