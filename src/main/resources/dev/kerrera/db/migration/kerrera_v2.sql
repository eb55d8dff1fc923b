-- What operators asked of queues, so that nodes that start later do likewise; times are UTC.
-- Node '' stands for every node. NULL leaves a value to the node's own configuration; each value has a moment of its own.
CREATE TABLE ${schema}.kerrera_queues (
  name          text      NOT NULL,
  node          text      NOT NULL,
  queue         text      NOT NULL,
  paused        boolean,
  paused_at     timestamp,
  running_limit integer   CHECK (running_limit > 0),
  limit_at      timestamp,
  PRIMARY KEY (name, queue, node),
  CHECK ((paused IS NULL) = (paused_at IS NULL)),
  CHECK ((running_limit IS NULL) = (limit_at IS NULL))
);

-- How far the entries of each crontab have come: last_at is the time of the last job inserted or passed over, in UTC. It only ever grows.
-- Entries whose name begins with $ are Kerrera's own.
CREATE TABLE ${schema}.kerrera_crons (
  name       text      NOT NULL,
  entry      text      NOT NULL,
  expression text      NOT NULL,
  timezone   text      NOT NULL,
  last_at    timestamp NOT NULL,
  PRIMARY KEY (name, entry)
) WITH (fillfactor = 50);
