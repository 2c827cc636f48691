/**
 * What lists of findings filter and sort by stands in one index, so that they never look at the rows, which are wide.
 * It begins with what windows go by. What is settled when the columns come has its time from what is known then; the
 * rest of the columns is worked out by `rankFindings`.
 */
export const FINDING_SEARCH = `
  ALTER TABLE finding ADD COLUMN settled_at_ms INTEGER;
  ALTER TABLE finding ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE finding ADD COLUMN area TEXT NOT NULL DEFAULT '';
  ALTER TABLE finding ADD COLUMN subject TEXT NOT NULL DEFAULT '';
  ALTER TABLE finding ADD COLUMN search TEXT NOT NULL DEFAULT '';
  UPDATE finding SET settled_at_ms = coalesce(fixed_at_ms, last_seen_ms)
    WHERE state IN ('fixed', 'waived', 'false-positive');
  DROP INDEX finding_by_severity;
  CREATE INDEX finding_search ON finding (
    severity, id, repository, tool, target, state, kind, rule, file, owner, assignee, accepted_until_ms, due_at_ms,
    first_seen_ms, settled_at_ms, priority, area, search
  );
  CREATE INDEX finding_subject ON finding (repository, subject);

  ALTER TABLE finding_change ADD COLUMN settled_at_ms INTEGER;
  ALTER TABLE finding_change ADD COLUMN priority INTEGER;
  ALTER TABLE finding_change ADD COLUMN area TEXT;
  ALTER TABLE finding_change ADD COLUMN subject TEXT;
  ALTER TABLE finding_change ADD COLUMN search TEXT;
`;
