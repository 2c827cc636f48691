export type ProposalState = 'open' | 'approved' | 'applied' | 'rejected' | 'superseded';

/** A file before and after; undefined where it is not there. */
export interface ProposalFile {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** How the replay was, in numbers: kinds of run that would lose or gain access. */
export interface ReplayCounts {
  days: number;
  runs: number;
  lose: number;
  gain: number;
  unclear: number;
}

export interface ProposalSummary {
  /** `prp_…` */
  id: string;
  state: ProposalState;
  title: string;
  why: string;
  /** Subject of the person. */
  author: string;
  createdAtMs: number;
  paths: readonly string[];
  /** Of the configuration that it was made for. */
  baseDigest: string;
  replay: ReplayCounts;
  decidedBy: string | undefined;
  decidedAtMs: number | undefined;
  comment: string | undefined;
  appliedAtMs: number | undefined;
}

/** A change of the configuration that waits for somebody else to agree. */
export interface Proposal extends ProposalSummary {
  files: readonly ProposalFile[];
}

export interface ProposalFilter {
  states?: readonly ProposalState[];
  /** Ids before this one (newest first). */
  beforeId?: string;
  /** At most 1,000. */
  limit: number;
}

export interface ProposalMove {
  state: ProposalState;
  decidedBy?: string;
  decidedAtMs?: number;
  comment?: string;
  appliedAtMs?: number;
}

export interface ProposalStore {
  addProposal(proposal: Proposal): Promise<void>;
  proposal(id: string): Promise<Proposal | undefined>;
  proposals(filter: ProposalFilter): Promise<ProposalSummary[]>;
  /** Compare and set: false when it is not in one of `from`. What the move does not name stays. */
  moveProposal(id: string, from: readonly ProposalState[], move: ProposalMove): Promise<boolean>;
}
