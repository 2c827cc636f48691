/** As in SQLite; see there. */
export const INVENTORY = `
  CREATE TABLE inventory_repository (
    name text COLLATE "C" PRIMARY KEY, inspection text COLLATE "C" NOT NULL, rank bigint NOT NULL, search text COLLATE "C" NOT NULL,
    platforms text COLLATE "C" NOT NULL, worst bigint NOT NULL, branch text, commit_id text NOT NULL, at_ms bigint NOT NULL,
    by_whom text NOT NULL, pipelines bigint NOT NULL, infos bigint NOT NULL, lows bigint NOT NULL,
    mediums bigint NOT NULL, highs bigint NOT NULL, criticals bigint NOT NULL, attacks bigint NOT NULL,
    credentials bigint NOT NULL, open_pipelines bigint NOT NULL, attacked_pipelines bigint NOT NULL,
    replaceable bigint NOT NULL
  );
  CREATE UNIQUE INDEX inventory_repository_rank ON inventory_repository (rank DESC, name);

  CREATE TABLE inventory_item (
    inspection text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL, repository text COLLATE "C" NOT NULL,
    rank bigint NOT NULL, search text COLLATE "C" NOT NULL, platform text COLLATE "C" NOT NULL, worst bigint NOT NULL,
    topic text COLLATE "C" NOT NULL, is_open bigint NOT NULL, attacked bigint NOT NULL, content text NOT NULL,
    PRIMARY KEY (inspection, kind, item)
  );
  CREATE INDEX inventory_item_rank ON inventory_item (kind, rank DESC, repository, item);
  CREATE INDEX inventory_item_of ON inventory_item (repository, inspection);

  CREATE TABLE inventory_part (
    inspection text COLLATE "C" NOT NULL, part text COLLATE "C" NOT NULL, repository text COLLATE "C" NOT NULL, content text NOT NULL,
    PRIMARY KEY (inspection, part)
  );
  CREATE INDEX inventory_part_of ON inventory_part (repository, inspection);

  CREATE TABLE inventory_day (
    repository text COLLATE "C" NOT NULL, day bigint NOT NULL, pipelines bigint NOT NULL, infos bigint NOT NULL,
    lows bigint NOT NULL, mediums bigint NOT NULL, highs bigint NOT NULL, criticals bigint NOT NULL,
    attacks bigint NOT NULL, credentials bigint NOT NULL, PRIMARY KEY (repository, day)
  );
  CREATE INDEX inventory_day_of ON inventory_day (day);
`;
