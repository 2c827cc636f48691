/**
 * The newest inspection of each repository. Every row names its inspection, and counts only while the repository
 * names the same one: what an older one left is purged later. `rank` is the order of lists; `content` is packed JSON.
 */
export const INVENTORY = `
  CREATE TABLE inventory_repository (
    name TEXT PRIMARY KEY, inspection TEXT NOT NULL, rank INTEGER NOT NULL, search TEXT NOT NULL,
    platforms TEXT NOT NULL, worst INTEGER NOT NULL, branch TEXT, commit_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
    by_whom TEXT NOT NULL, pipelines INTEGER NOT NULL, infos INTEGER NOT NULL, lows INTEGER NOT NULL,
    mediums INTEGER NOT NULL, highs INTEGER NOT NULL, criticals INTEGER NOT NULL, attacks INTEGER NOT NULL,
    credentials INTEGER NOT NULL, open_pipelines INTEGER NOT NULL, attacked_pipelines INTEGER NOT NULL,
    replaceable INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX inventory_repository_rank ON inventory_repository (rank DESC, name);

  CREATE TABLE inventory_item (
    inspection TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, repository TEXT NOT NULL,
    rank INTEGER NOT NULL, search TEXT NOT NULL, platform TEXT NOT NULL, worst INTEGER NOT NULL,
    topic TEXT NOT NULL, is_open INTEGER NOT NULL, attacked INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (inspection, kind, item)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX inventory_item_rank ON inventory_item (kind, rank DESC, repository, item);
  CREATE INDEX inventory_item_of ON inventory_item (repository, inspection);

  CREATE TABLE inventory_part (
    inspection TEXT NOT NULL, part TEXT NOT NULL, repository TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (inspection, part)
  ) STRICT;
  CREATE INDEX inventory_part_of ON inventory_part (repository, inspection);

  CREATE TABLE inventory_day (
    repository TEXT NOT NULL, day INTEGER NOT NULL, pipelines INTEGER NOT NULL, infos INTEGER NOT NULL,
    lows INTEGER NOT NULL, mediums INTEGER NOT NULL, highs INTEGER NOT NULL, criticals INTEGER NOT NULL,
    attacks INTEGER NOT NULL, credentials INTEGER NOT NULL, PRIMARY KEY (repository, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX inventory_day_of ON inventory_day (day);
`;
