-- One row per running producer, refreshed as a heartbeat by the database's clock; times are UTC.
-- Logged, unlike oban_peers: a table emptied by a crash or a failover would make live producers look dead.
-- No index on seen_at: few rows, and every heartbeat stays a HOT update.
CREATE TABLE ${schema}.kerrera_producers (
  uuid          uuid      PRIMARY KEY,
  name          text      NOT NULL,
  node          text      NOT NULL,
  queue         text      NOT NULL,
  running_limit integer   NOT NULL,
  paused        boolean   NOT NULL DEFAULT false,
  started_at    timestamp NOT NULL DEFAULT timezone('UTC', now()),
  seen_at       timestamp NOT NULL DEFAULT timezone('UTC', now())
) WITH (fillfactor = 50);
