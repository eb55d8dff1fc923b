-- Which of Kerrera's own scripts this schema has seen.
CREATE TABLE ${schema}.kerrera_migrations (
  version      integer   PRIMARY KEY,
  description  text      NOT NULL,
  checksum     text      NOT NULL,
  installed_at timestamp NOT NULL DEFAULT timezone('UTC', now())
);
