/**
 * What decisions have in common stands once, in `decision_shape`: lists filter there, and the many rows stay narrow.
 * The table is in the order of time, which is that of lists; each index ends with what counts need, so that these
 * never look at the rows. `hour` grows with the time and lets a count go through its index in order.
 */
export const DECISION_INDEX = `
  CREATE TABLE decision_shape (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, workload TEXT NOT NULL, principal TEXT NOT NULL,
    resource TEXT, provider TEXT, platform TEXT, repository TEXT, org TEXT, ref TEXT, environment TEXT,
    trigger_name TEXT, workflow TEXT, policies TEXT NOT NULL, search TEXT NOT NULL
  ) STRICT;
  CREATE TABLE decision_shape_policy (
    policy TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (policy, digest)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE decision (
    time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL, changed INTEGER NOT NULL, id TEXT NOT NULL,
    hour INTEGER NOT NULL, outcome TEXT NOT NULL, shape INTEGER NOT NULL, reason TEXT, run TEXT, commit_id TEXT,
    actor TEXT, policy_version TEXT, posture TEXT, lease TEXT, PRIMARY KEY (hour, time_ms, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX decision_sequence ON decision (sequence);
  CREATE INDEX decision_id ON decision (id);
  CREATE INDEX decision_changed ON decision (changed);
  CREATE INDEX decision_outcome ON decision (outcome, hour, time_ms, sequence, shape);
  CREATE INDEX decision_of_shape ON decision (shape, outcome, hour, time_ms, sequence);
  CREATE INDEX decision_reason ON decision (reason, hour, time_ms, sequence, shape) WHERE reason IS NOT NULL;
  CREATE INDEX decision_actor ON decision (actor, hour, time_ms, sequence) WHERE actor IS NOT NULL;
  CREATE INDEX decision_run ON decision (run, hour, time_ms, sequence) WHERE run IS NOT NULL;

  CREATE TABLE decision_index (
    id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, server TEXT NOT NULL,
    server_until_ms INTEGER NOT NULL
  ) STRICT;
  INSERT INTO decision_index VALUES (1, 0, '', 0);
`;
