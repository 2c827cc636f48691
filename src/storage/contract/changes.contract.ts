import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Proposal } from '#broker/configuration/proposal.ts';
import type { Freeze } from '#broker/freeze/freeze.ts';
import type { Storage } from '../storage.ts';
import { type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const PROPOSAL: Proposal = {
  id: 'prp_1',
  state: 'open',
  title: 'Only main',
  why: 'nothing else ran',
  author: 'ann@acme.example',
  createdAtMs: START_MS,
  paths: ['policies/a.cedar', 'policies/b.cedar'],
  baseDigest: 'aa',
  replay: { days: 30, runs: 5, lose: 0, gain: 1, unclear: 0 },
  decidedBy: undefined,
  decidedAtMs: undefined,
  comment: undefined,
  appliedAtMs: undefined,
  files: [
    { path: 'policies/a.cedar', before: undefined, after: `\0\uD800${'x'.repeat(100_000)}` },
    { path: 'policies/b.cedar', before: 'old', after: undefined },
  ],
};

const FREEZE: Freeze = {
  id: 'frz_1',
  target: { kind: 'resource', name: 'shop-db' },
  reason: 'stolen token',
  frozenBy: 'ann',
  frozenAtMs: START_MS,
  untilMs: undefined,
};

export function describeConfigurationChanges(open: OpenHarness): void {
  describe('configuration changes', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('keep a proposal as it was made, once', async () => {
      const { proposals } = storage;
      expect(await proposals.proposal('prp_1')).toBeUndefined();
      await proposals.addProposal(PROPOSAL);
      expect(await proposals.proposal('prp_1')).toEqual(PROPOSAL);
      await expect(proposals.addProposal(PROPOSAL)).rejects.toMatchObject({ code: 'store_refused' });
    });

    it('list proposals newest first, by state, in pages, without their files', async () => {
      const { proposals } = storage;
      for (const number of [1, 2, 3]) await proposals.addProposal({ ...PROPOSAL, id: `prp_${number}` });
      await proposals.moveProposal('prp_2', ['open'], { state: 'rejected', decidedBy: 'bob' });
      const ids = async (filter: Parameters<typeof proposals.proposals>[0]) =>
        (await proposals.proposals(filter)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['prp_3', 'prp_2', 'prp_1']);
      expect(await ids({ limit: 1, beforeId: 'prp_3' })).toEqual(['prp_2']);
      expect(await ids({ limit: 10, states: ['open'] })).toEqual(['prp_3', 'prp_1']);
      expect(await ids({ limit: 10, states: [] })).toEqual([]);
      expect((await proposals.proposals({ limit: 1 }))[0]).not.toHaveProperty('files');
    });

    it('move a proposal only from where it is, and keep what a move does not name', async () => {
      const { proposals } = storage;
      await proposals.addProposal(PROPOSAL);
      const approved = {
        state: 'approved',
        decidedBy: 'bob',
        decidedAtMs: START_MS + 1,
        comment: 'ok',
      } as const;
      const racers = await Promise.all(
        Array.from({ length: 10 }, () => proposals.moveProposal('prp_1', ['open'], approved)),
      );
      expect(racers.filter(Boolean)).toHaveLength(1);
      expect(await proposals.moveProposal('prp_1', ['open'], { state: 'rejected' })).toBe(false);
      expect(await proposals.moveProposal('prp_9', ['open'], { state: 'rejected' })).toBe(false);
      expect(
        await proposals.moveProposal('prp_1', ['approved'], { state: 'applied', appliedAtMs: START_MS + 2 }),
      ).toBe(true);
      expect(await proposals.proposal('prp_1')).toEqual({
        ...PROPOSAL,
        ...approved,
        state: 'applied',
        appliedAtMs: START_MS + 2,
      });
    });

    it('keep what is frozen until it ends or is lifted', async () => {
      const { freezes } = storage;
      expect(await freezes.freezesInForce(START_MS)).toEqual([]);
      const all: Freeze = { ...FREEZE, id: 'frz_2', target: { kind: 'everything' }, untilMs: START_MS + 10 };
      const repository: Freeze = { ...FREEZE, id: 'frz_3', target: { kind: 'repository', name: 'acme/*' } };
      for (const freeze of [FREEZE, all, repository]) await freezes.addFreeze(freeze);
      await expect(freezes.addFreeze(FREEZE)).rejects.toMatchObject({ code: 'store_refused' });
      expect(await freezes.freezesInForce(START_MS + 9)).toEqual([repository, all, FREEZE]);
      expect(await freezes.freezesInForce(START_MS + 10)).toEqual([repository, FREEZE]);
      expect(await freezes.liftFreeze('frz_2', 'bob', START_MS + 10)).toBe(false);
      expect(await freezes.liftFreeze('frz_3', 'bob', START_MS + 10)).toBe(true);
      expect(await freezes.liftFreeze('frz_3', 'bob', START_MS + 11)).toBe(false);
      expect(await freezes.freezesInForce(START_MS + 11)).toEqual([FREEZE]);
    });
  });
}
