import type { Proposal, ProposalStore, ProposalSummary } from '#broker/configuration/proposal.ts';
import type { Freeze, FreezeStore } from '#broker/freeze/freeze.ts';
import { integer, integerOrNull } from '../sql-value.ts';
import { clampLimit, LIST_ROWS_MAX } from '../window.ts';
import { refuseTaken } from './refuse-taken.ts';

export function createMemoryProposalStore(): ProposalStore {
  const proposals = new Map<string, Proposal>();
  return {
    addProposal: async (proposal) => {
      integer(proposal.createdAtMs, 'createdAtMs');
      refuseTaken(proposals, proposal.id);
      proposals.set(proposal.id, structuredClone(proposal));
    },
    proposal: async (id) => structuredClone(proposals.get(id)),
    proposals: async ({ states, beforeId, limit }) =>
      [...proposals.values()]
        .filter(({ id, state }) => states?.includes(state) !== false && (beforeId ?? '~') > id)
        .sort((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, clampLimit(limit))
        .map(summaryOf),
    moveProposal: async (id, from, move) => {
      const proposal = proposals.get(id);
      if (proposal === undefined || !from.includes(proposal.state)) return false;
      const named = Object.entries(move).filter(([, value]) => value !== undefined);
      Object.assign(proposal, Object.fromEntries(named));
      return true;
    },
  };
}

function summaryOf({ files: _files, ...summary }: Proposal): ProposalSummary {
  return structuredClone(summary);
}

export function createMemoryFreezeStore(): FreezeStore {
  const freezes = new Map<string, { freeze: Freeze; lifted: boolean }>();
  const standing = (nowMs: number) =>
    [...freezes.values()].filter(
      ({ freeze, lifted }) => !lifted && (freeze.untilMs === undefined || freeze.untilMs > nowMs),
    );
  return {
    addFreeze: async (freeze) => {
      integer(freeze.frozenAtMs, 'frozenAtMs');
      integerOrNull(freeze.untilMs, 'untilMs');
      refuseTaken(freezes, freeze.id);
      freezes.set(freeze.id, { freeze: structuredClone(freeze), lifted: false });
    },
    liftFreeze: async (id, _liftedBy, nowMs) => {
      const found = standing(nowMs).find(({ freeze }) => freeze.id === id);
      if (found !== undefined) found.lifted = true;
      return found !== undefined;
    },
    freezesInForce: async (nowMs) =>
      standing(nowMs)
        .map(({ freeze }) => structuredClone(freeze))
        .sort((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, LIST_ROWS_MAX),
  };
}
