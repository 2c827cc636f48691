/** As in SQLite; see there. */
export const DECISION_INDEX = `
  CREATE TABLE decision_shape (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, digest text COLLATE "C" NOT NULL UNIQUE,
    workload text COLLATE "C" NOT NULL, principal text COLLATE "C" NOT NULL, resource text COLLATE "C",
    provider text COLLATE "C", platform text COLLATE "C", repository text COLLATE "C", org text COLLATE "C", ref text COLLATE "C",
    environment text COLLATE "C", trigger_name text COLLATE "C", workflow text COLLATE "C", policies text NOT NULL,
    search text NOT NULL
  );
  CREATE TABLE decision_shape_policy (
    policy text COLLATE "C" NOT NULL, digest text COLLATE "C" NOT NULL, PRIMARY KEY (policy, digest)
  );

  CREATE TABLE decision (
    time_ms bigint NOT NULL, sequence bigint NOT NULL, changed bigint NOT NULL, id text COLLATE "C" NOT NULL,
    hour bigint NOT NULL, outcome text COLLATE "C" NOT NULL, shape bigint NOT NULL, reason text COLLATE "C",
    run text COLLATE "C", commit_id text, actor text COLLATE "C", policy_version text, posture text, lease text,
    PRIMARY KEY (hour, time_ms, sequence)
  );
  CREATE UNIQUE INDEX decision_sequence ON decision (sequence);
  CREATE INDEX decision_id ON decision (id);
  CREATE INDEX decision_changed ON decision (changed);
  CREATE INDEX decision_outcome ON decision (outcome, hour, time_ms, sequence, shape);
  CREATE INDEX decision_of_shape ON decision (shape, outcome, hour, time_ms, sequence);
  CREATE INDEX decision_reason ON decision (reason, hour, time_ms, sequence, shape) WHERE reason IS NOT NULL;
  CREATE INDEX decision_actor ON decision (actor, hour, time_ms, sequence) WHERE actor IS NOT NULL;
  CREATE INDEX decision_run ON decision (run, hour, time_ms, sequence) WHERE run IS NOT NULL;

  CREATE TABLE decision_index (
    id integer PRIMARY KEY CHECK (id = 1), position bigint NOT NULL, server text NOT NULL,
    server_until_ms bigint NOT NULL
  );
  INSERT INTO decision_index VALUES (1, 0, '', 0);
`;
