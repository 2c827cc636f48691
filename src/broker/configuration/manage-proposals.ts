import { isDeepStrictEqual } from 'node:util';
import type { AuditEvent, AuditEventType } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Clock } from '#core/clock.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { newId } from '#core/ids.ts';
import { changeFiles, changesOf, compareFiles, type FileChanges, progressOf } from './change-files.ts';
import type { Configuration, ConfigurationFiles, ConfigurationLoad } from './configuration.ts';
import { CONFIGURATION_FILE, digestOf } from './load-configuration.ts';
import { PEOPLE_POLICIES_FOLDER } from './people-section.ts';
import type { Proposal, ProposalFilter, ProposalStore, ProposalSummary, ReplayCounts } from './proposal.ts';

/** Puts what was approved where the server reads its configuration; absent where that is a checkout of somebody's. */
export interface ConfigurationWriter {
  /** Writes the change if the files are as it found them, and puts it in force, or leaves all as it was. */
  apply(proposal: Proposal): Promise<'applied' | 'outdated' | { refused: readonly ConfigurationProblem[] }>;
}

export interface ProposalDependencies {
  store: ProposalStore;
  events: EventStore;
  configuration: () => Configuration | undefined;
  /** Whether files would be put in force. */
  check(files: ConfigurationFiles): Promise<ConfigurationLoad>;
  /** What the change would have done to recorded decisions. */
  replay(after: Configuration): Promise<ReplayCounts>;
  writer: ConfigurationWriter | undefined;
  clock: Clock;
}

export type ProposalRefusal =
  | { ok: false; code: 'proposal_unknown' | 'proposal_outdated' | 'proposal_decided' | 'approval_by_author' }
  | { ok: false; code: 'configuration_missing' | 'approval_needs_owner' }
  | { ok: false; code: 'proposal_invalid'; problems: readonly ConfigurationProblem[] };
export type ProposalAnswer = { ok: true; proposal: Proposal } | ProposalRefusal;

export interface ProposalInput {
  title: string;
  why: string;
  baseDigest: string;
  changes: FileChanges;
}

export interface Approval {
  /** Of the whole configuration as the approver saw it with the change in it. */
  resultDigest: string;
  comment: string;
  person: string;
  /** Whether the approver says what people may do here: else a change could make its approver an owner. */
  mayAdminister: boolean;
}

export interface ProposalManager {
  propose(input: ProposalInput, person: string): Promise<ProposalAnswer>;
  approve(id: string, approval: Approval): Promise<ProposalAnswer>;
  reject(id: string, comment: string, person: string): Promise<ProposalAnswer>;
  withdraw(id: string, person: string): Promise<ProposalAnswer>;
  proposal(id: string): Promise<Proposal | undefined>;
  proposals(filter: ProposalFilter): Promise<ProposalSummary[]>;
  /** Undefined while no configuration is in force. */
  resultDigest(proposal: Proposal): string | undefined;
  mayApprove(proposal: ProposalSummary, person: string): boolean;
  /** Follows what became of proposals: applied by a commit, overtaken by another change, left over by a crash. */
  settle(): Promise<void>;
}

const OPEN_MAX = 500;
const UNSETTLED_MAX = 1_000;

export function createProposalManager(deps: ProposalDependencies): ProposalManager {
  const { store, clock, configuration } = deps;
  let settledDigest: string | undefined;

  const record = (
    type: Extract<AuditEventType, `configuration.${string}`>,
    { id, title, paths, baseDigest }: ProposalSummary,
    person: string,
    body: Record<string, unknown>,
  ): Promise<void> => {
    const event: AuditEvent = {
      id: newId('evt', clock),
      timeMs: clock.nowMs(),
      type,
      actor: { kind: 'person', id: person },
      // Without its author, who is a person: the proposal's own event has them as its actor.
      body: { proposal: id, title, paths, baseDigest, ...body },
    };
    return deps.events.append([event]);
  };

  const answer = async (id: string): Promise<ProposalAnswer> => {
    const proposal = await store.proposal(id);
    return proposal === undefined ? { ok: false, code: 'proposal_unknown' } : { ok: true, proposal };
  };

  const resultDigest = ({ files }: Proposal): string | undefined => {
    const inForce = configuration()?.files;
    return inForce && digestOf(changeFiles(inForce, changesOf(files)));
  };

  const mayApprove = ({ author }: ProposalSummary, person: string): boolean =>
    author !== person || configuration()?.changes.approvals === 0;

  const applyApproved = async (proposal: Proposal): Promise<void> => {
    if (deps.writer === undefined) return;
    const result = await deps.writer.apply(proposal);
    if (result === 'applied') {
      await store.moveProposal(proposal.id, ['approved'], { state: 'applied', appliedAtMs: clock.nowMs() });
    } else if (result === 'outdated') {
      await store.moveProposal(proposal.id, ['approved'], { state: 'superseded' });
    } else {
      const comment = `It could not be put in force: ${result.refused[0]?.message ?? 'see the log'}`;
      await store.moveProposal(proposal.id, ['approved'], { state: 'rejected', comment });
    }
  };

  const turnDown = async (proposal: Proposal, person: string, comment: string): Promise<ProposalAnswer> => {
    if (proposal.state !== 'open') return { ok: false, code: 'proposal_decided' };
    await record('configuration.rejected', proposal, person, { comment });
    const move = { state: 'rejected', decidedBy: person, decidedAtMs: clock.nowMs(), comment } as const;
    const moved = await store.moveProposal(proposal.id, ['open'], move);
    return moved ? answer(proposal.id) : { ok: false, code: 'proposal_decided' };
  };

  /** Everything that must hold at the moment of approval; what was true when it was proposed may not be now. */
  const refuseApproval = async (
    proposal: Proposal,
    { resultDigest: digest, person, mayAdminister }: Approval,
  ): Promise<ProposalRefusal | undefined> => {
    if (proposal.state !== 'open') return { ok: false, code: 'proposal_decided' };
    const current = configuration();
    if (current === undefined) return { ok: false, code: 'configuration_missing' };
    if (!mayApprove(proposal, person)) return { ok: false, code: 'approval_by_author' };
    if (progressOf(current.files, proposal.files) !== 'before') {
      await store.moveProposal(proposal.id, ['open'], { state: 'superseded' });
      return { ok: false, code: 'proposal_outdated' };
    }
    if (resultDigest(proposal) !== digest) return { ok: false, code: 'proposal_outdated' };
    const load = await deps.check(changeFiles(current.files, changesOf(proposal.files)));
    if (!load.ok) return { ok: false, code: 'proposal_invalid', problems: load.problems };
    if (mayAdminister || !changesPeople(current, load.configuration)) return undefined;
    return { ok: false, code: 'approval_needs_owner' };
  };

  const settleOne = async (proposal: Proposal, files: ConfigurationFiles): Promise<void> => {
    const progress = progressOf(files, proposal.files);
    const from = [proposal.state];
    if (progress === 'after') {
      await store.moveProposal(proposal.id, from, { state: 'applied', appliedAtMs: clock.nowMs() });
    } else if (progress === 'elsewhere') {
      await store.moveProposal(proposal.id, from, { state: 'superseded' });
    } else if (proposal.state === 'approved') await applyApproved(proposal);
  };

  return {
    async propose({ title, why, baseDigest, changes }, person) {
      const current = configuration();
      if (current === undefined) return { ok: false, code: 'configuration_missing' };
      if (current.digest !== baseDigest) return { ok: false, code: 'proposal_outdated' };
      const files = compareFiles(current.files, changes);
      if (files.length === 0) return { ok: false, code: 'proposal_invalid', problems: [nothingChanged()] };
      const open = await store.proposals({ states: ['open'], limit: OPEN_MAX });
      if (open.length === OPEN_MAX) return { ok: false, code: 'proposal_invalid', problems: [tooManyOpen()] };
      const load = await deps.check(changeFiles(current.files, changes));
      if (!load.ok) return { ok: false, code: 'proposal_invalid', problems: load.problems };
      const proposal: Proposal = {
        id: newId('prp', clock),
        state: 'open',
        title,
        why,
        author: person,
        createdAtMs: clock.nowMs(),
        paths: files.map(({ path }) => path),
        baseDigest,
        replay: await deps.replay(load.configuration),
        decidedBy: undefined,
        decidedAtMs: undefined,
        comment: undefined,
        appliedAtMs: undefined,
        files,
      };
      const { replay } = proposal;
      const { digest } = load.configuration;
      await record('configuration.proposed', proposal, person, { why, resultDigest: digest, replay });
      await store.addProposal(proposal);
      return { ok: true, proposal };
    },

    async approve(id, approval) {
      const proposal = await store.proposal(id);
      if (proposal === undefined) return { ok: false, code: 'proposal_unknown' };
      const refusal = await refuseApproval(proposal, approval);
      if (refusal !== undefined) return refusal;
      const { comment, person } = approval;
      await record('configuration.approved', proposal, person, {
        comment,
        resultDigest: approval.resultDigest,
        // Where the configuration lets people approve their own.
        own: proposal.author === person,
      });
      const move = { state: 'approved', decidedBy: person, decidedAtMs: clock.nowMs(), comment } as const;
      if (!(await store.moveProposal(id, ['open'], move))) return { ok: false, code: 'proposal_decided' };
      await applyApproved({ ...proposal, ...move });
      return answer(id);
    },

    async reject(id, comment, person) {
      const proposal = await store.proposal(id);
      if (proposal === undefined) return { ok: false, code: 'proposal_unknown' };
      return turnDown(proposal, person, comment);
    },

    async withdraw(id, person) {
      const proposal = await store.proposal(id);
      // Whose it is not learns nothing more than of one that is not there.
      if (proposal?.author !== person) return { ok: false, code: 'proposal_unknown' };
      return turnDown(proposal, person, 'Taken back by its author.');
    },

    proposal: (id) => store.proposal(id),
    proposals: (filter) => store.proposals(filter),
    resultDigest,
    mayApprove,

    async settle() {
      const current = configuration();
      if (current === undefined) return;
      const states =
        current.digest === settledDigest ? (['approved'] as const) : (['open', 'approved'] as const);
      const summaries = await store.proposals({ states, limit: UNSETTLED_MAX });
      for (const { id } of summaries) {
        const proposal = await store.proposal(id);
        if (proposal !== undefined) await settleOne(proposal, configuration()?.files ?? current.files);
      }
      settledDigest = current.digest;
    },
  };
}

/** Who may do what here, and how changes are agreed on. */
function changesPeople(before: Configuration, after: Configuration): boolean {
  const rulesOf = ({ people, changes, files }: Configuration) => [
    people.settings,
    changes,
    Object.entries(files).filter(([path]) => path.startsWith(`${PEOPLE_POLICIES_FOLDER}/`)),
  ];
  return !isDeepStrictEqual(rulesOf(before), rulesOf(after));
}

function nothingChanged(): ConfigurationProblem {
  return problemOfChange('The files are as they were.', 'Change something first.');
}

function tooManyOpen(): ConfigurationProblem {
  return problemOfChange(`${OPEN_MAX} proposals wait already.`, 'Decide about those first.');
}

function problemOfChange(message: string, remedy: string): ConfigurationProblem {
  return { file: CONFIGURATION_FILE, line: 1, column: 1, message, remedy };
}
