import type {
  Proposal,
  ProposalFile,
  ProposalState,
  ProposalStore,
  ProposalSummary,
} from '#broker/configuration/proposal.ts';
import type { SqlDatabase } from './sql-database.ts';
import {
  countCharacters,
  integer,
  integerOrNull,
  readChoice,
  readInteger,
  readJsonText,
  readOptionalInteger,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit, Conditions } from './window.ts';

const STATES: readonly ProposalState[] = ['open', 'approved', 'applied', 'rejected', 'superseded'];
const SUMMARY =
  'id, state, author, created_at_ms, summary, decided_by, decided_at_ms, comment, applied_at_ms';

/** What never changes of a proposal, as JSON; its state and who decided are columns. */
type Constant = Pick<ProposalSummary, 'title' | 'why' | 'paths' | 'baseDigest' | 'replay'>;
/** JSON has no undefined: what is not there is null. */
type StoredFile = readonly [path: string, before: string | null, after: string | null];

export function createProposalStore(database: SqlDatabase): ProposalStore {
  return {
    addProposal: async (proposal) => {
      const values = proposalToRow(proposal);
      countCharacters(values);
      const sql = `INSERT INTO proposal (${SUMMARY}, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
      await database.execute([{ sql, values }]);
    },
    proposal: async (id) => {
      const [row] = await database.query(`SELECT ${SUMMARY}, files FROM proposal WHERE id = ?`, [
        toStoredText(id),
      ]);
      return row === undefined ? undefined : { ...summaryFromRow(row), files: filesFromText(row[9]) };
    },
    proposals: async ({ states, beforeId, limit }) => {
      const conditions = new Conditions().addChoice('state', states);
      if (beforeId !== undefined) conditions.add('id < ?', toStoredText(beforeId));
      const rows = await database.query(
        `SELECT ${SUMMARY} FROM proposal WHERE ${conditions.sql} ORDER BY id DESC LIMIT ?`,
        [...conditions.values, clampLimit(limit)],
      );
      return rows.map(summaryFromRow);
    },
    moveProposal: async (id, from, move) => {
      const conditions = new Conditions().add('id = ?', toStoredText(id)).addChoice('state', from);
      const changed = await database.execute([
        {
          sql: `UPDATE proposal SET state = ?, decided_by = coalesce(?, decided_by),
                  decided_at_ms = coalesce(?, decided_at_ms), comment = coalesce(?, comment),
                  applied_at_ms = coalesce(?, applied_at_ms)
                WHERE ${conditions.sql}`,
          values: [
            move.state,
            textOrNull(move.decidedBy),
            integerOrNull(move.decidedAtMs, 'decidedAtMs'),
            textOrNull(move.comment),
            integerOrNull(move.appliedAtMs, 'appliedAtMs'),
            ...conditions.values,
          ],
        },
      ]);
      return changed === 1;
    },
  };
}

function proposalToRow(proposal: Proposal): SqlValue[] {
  const { title, why, paths, baseDigest, replay } = proposal;
  const constant: Constant = { title, why, paths, baseDigest, replay };
  const files = proposal.files.map(
    ({ path, before, after }): StoredFile => [path, before ?? null, after ?? null],
  );
  return [
    toStoredText(proposal.id),
    proposal.state,
    toStoredText(proposal.author),
    integer(proposal.createdAtMs, 'createdAtMs'),
    JSON.stringify(constant),
    textOrNull(proposal.decidedBy),
    integerOrNull(proposal.decidedAtMs, 'decidedAtMs'),
    textOrNull(proposal.comment),
    integerOrNull(proposal.appliedAtMs, 'appliedAtMs'),
    JSON.stringify(files),
  ];
}

function summaryFromRow(row: readonly SqlValue[]): ProposalSummary {
  const constant: Constant = JSON.parse(readJsonText(row[4]));
  return {
    id: readText(row[0]),
    state: readChoice(row[1], STATES),
    author: readText(row[2]),
    createdAtMs: readInteger(row[3]),
    ...constant,
    decidedBy: readOptionalText(row[5]),
    decidedAtMs: readOptionalInteger(row[6]),
    comment: readOptionalText(row[7]),
    appliedAtMs: readOptionalInteger(row[8]),
  };
}

function filesFromText(value: SqlValue | undefined): ProposalFile[] {
  const files: StoredFile[] = JSON.parse(readJsonText(value));
  return files.map(([path, before, after]) => ({
    path,
    before: before ?? undefined,
    after: after ?? undefined,
  }));
}
