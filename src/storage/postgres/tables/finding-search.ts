/**
 * Columns that lists of findings filter and sort by; see the SQLite table. There is no index on the text: a row of one
 * has a largest size here, and what is looked through are the rows without their large values, which are kept apart.
 */
export const FINDING_SEARCH = `
  ALTER TABLE finding ADD COLUMN settled_at_ms bigint;
  ALTER TABLE finding ADD COLUMN priority bigint NOT NULL DEFAULT 0;
  ALTER TABLE finding ADD COLUMN area text NOT NULL DEFAULT '';
  ALTER TABLE finding ADD COLUMN subject text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE finding ADD COLUMN search text COLLATE "C" NOT NULL DEFAULT '';
  UPDATE finding SET settled_at_ms = coalesce(fixed_at_ms, last_seen_ms)
    WHERE state IN ('fixed', 'waived', 'false-positive');
  CREATE INDEX finding_subject ON finding USING hash (subject);

  ALTER TABLE finding_change ADD COLUMN settled_at_ms bigint;
  ALTER TABLE finding_change ADD COLUMN priority bigint;
  ALTER TABLE finding_change ADD COLUMN area text;
  ALTER TABLE finding_change ADD COLUMN subject text;
  ALTER TABLE finding_change ADD COLUMN search text;
`;
