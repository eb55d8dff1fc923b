CREATE TABLE ${schema}.kerrera_queues (
  name          text      NOT NULL,
  node          text      NOT NULL,
  queue         text      NOT NULL,
  paused        boolean,
  running_limit integer   CHECK (running_limit > 0),
  changed_at    timestamp NOT NULL DEFAULT timezone('UTC', clock_timestamp()),
  PRIMARY KEY (name, queue, node)
);
