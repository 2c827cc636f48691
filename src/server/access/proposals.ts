import type {
  Proposal as ProposalView,
  ProposalSummary as ProposalSummaryView,
} from '#api/configuration-change.ts';
import type { ProposalAnswer } from '#broker/configuration/manage-proposals.ts';
import type { Proposal, ProposalFile, ProposalSummary } from '#broker/configuration/proposal.ts';
import { isId } from '#core/ids.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import { momentOf, momentOrNull } from '../views.ts';
import { type AccessDependencies, requireConfiguration, requireWholeScope } from './access-dependencies.ts';
import { invalidConfiguration } from './check.ts';

const REFUSALS = {
  proposal_unknown: 'There is no proposal with this id.',
  proposal_outdated: 'The files changed since they were looked at.',
  proposal_decided: 'Somebody decided about it already.',
  approval_needs_owner: 'It changes what people may do here.',
  approval_by_author: 'The change is your own, so somebody else must look at it.',
  configuration_missing: 'No valid configuration is in force.',
} as const;

function summaryView(proposal: ProposalSummary): ProposalSummaryView {
  const { id, state, title, why, author, createdAtMs, paths, replay } = proposal;
  return {
    id,
    state,
    title,
    why,
    author,
    createdAt: momentOf(createdAtMs),
    paths: [...paths],
    replay,
    decidedBy: proposal.decidedBy ?? null,
    decidedAt: momentOrNull(proposal.decidedAtMs),
    comment: proposal.comment ?? null,
    appliedAt: momentOrNull(proposal.appliedAtMs),
  };
}

/** As git writes it, with files that come and go. */
export function patchOf(
  files: readonly ProposalFile[],
  formatDiff: AccessDependencies['formatDiff'],
): string {
  return files
    .map(({ path, before, after }) => {
      const head = `diff --git a/${path} b/${path}\n`;
      const body = formatDiff(path, before ?? '', after ?? '');
      if (before === undefined) {
        return `${head}new file mode 100644\n${body.replace(`--- a/${path}`, '--- /dev/null')}`;
      }
      if (after === undefined) {
        return `${head}deleted file mode 100644\n${body.replace(`+++ b/${path}`, '+++ /dev/null')}`;
      }
      return `${head}${body}`;
    })
    .join('');
}

export function createProposalHandlers(
  deps: AccessDependencies,
  mayAdminister: (person: Person) => Promise<boolean>,
): HandlersOf<
  | 'getConfigurationFiles'
  | 'listProposals'
  | 'createProposal'
  | 'getProposal'
  | 'approveProposal'
  | 'rejectProposal'
  | 'withdrawProposal'
> {
  const { proposals } = deps;

  const view = (proposal: Proposal, caller: Person): ProposalView => ({
    ...summaryView(proposal),
    baseDigest: proposal.baseDigest,
    resultDigest: proposals.resultDigest(proposal) ?? '',
    files: proposal.files.map(({ path, before, after }) => ({
      path,
      before: before ?? null,
      after: after ?? null,
    })),
    patch: patchOf(proposal.files, deps.formatDiff),
    mayApprove: caller.kind === 'session' && proposals.mayApprove(proposal, caller.subject),
  });

  const settle = (answer: ProposalAnswer, caller: Person) => {
    if (answer.ok) return { value: view(answer.proposal, caller) };
    if (answer.code === 'proposal_invalid') throw invalidConfiguration(answer.problems);
    throw new RequestProblem(answer.code, REFUSALS[answer.code]);
  };

  const checkId = (id: string): string => {
    if (isId('prp', id)) return id;
    throw new RequestProblem('proposal_unknown', REFUSALS.proposal_unknown);
  };

  return {
    getConfigurationFiles({ caller }) {
      requireWholeScope(caller);
      const { digest, files, changes } = requireConfiguration(deps);
      const paths = Object.keys(files).sort();
      return {
        value: {
          digest,
          files: paths.map((path) => ({ path, text: files[path] ?? '' })),
          changes: { approvals: changes.approvals, appliedBy: deps.appliedBy },
        },
      };
    },
    async listProposals({ query, caller }) {
      requireWholeScope(caller);
      const { state, before, limit } = query;
      const found = await proposals.proposals({
        limit,
        ...(state === undefined ? {} : { states: state }),
        ...(before === undefined ? {} : { beforeId: checkId(before) }),
      });
      const next = found.length === limit ? (found.at(-1)?.id ?? null) : null;
      return { value: { proposals: found.map(summaryView), next } };
    },
    async createProposal({ body, caller }) {
      requireWholeScope(caller);
      return settle(await proposals.propose(body, caller.subject), caller);
    },
    async getProposal({ params, caller }) {
      requireWholeScope(caller);
      const proposal = await proposals.proposal(checkId(params.id));
      if (proposal === undefined) throw new RequestProblem('proposal_unknown', REFUSALS.proposal_unknown);
      return { value: view(proposal, caller) };
    },
    async approveProposal({ params, body, caller }) {
      requireWholeScope(caller);
      // Its maker could approve by it what they proposed themselves, under another name for the record.
      if (caller.kind === 'token') {
        throw new RequestProblem('access_denied', 'A change is approved by a person, not by an API token.', {
          remedy: 'Sign in and approve it in the console.',
        });
      }
      const approval = { ...body, person: caller.subject, mayAdminister: await mayAdminister(caller) };
      return settle(await proposals.approve(checkId(params.id), approval), caller);
    },
    async rejectProposal({ params, body, caller }) {
      requireWholeScope(caller);
      return settle(await proposals.reject(checkId(params.id), body.comment, caller.subject), caller);
    },
    async withdrawProposal({ params, caller }) {
      requireWholeScope(caller);
      return settle(await proposals.withdraw(checkId(params.id), caller.subject), caller);
    },
  };
}
