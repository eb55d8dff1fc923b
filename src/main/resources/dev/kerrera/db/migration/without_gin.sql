-- Drops the GIN indexes of args and meta, whatever they are called. A lock that is not to be had is not waited for.
DO $drop$
DECLARE
  jobs CONSTANT regclass := to_regclass($name$${schema}.oban_jobs$name$);
  waiting CONSTANT text := current_setting('lock_timeout');
  target record;
BEGIN
  PERFORM set_config('lock_timeout', '3s', true);
  FOR target IN
    SELECT c.oid::regclass AS name, a.attname AS of_column
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_am method ON method.oid = c.relam
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = jobs AND method.amname = 'gin' AND i.indnatts = 1 AND a.attname IN ('args', 'meta')
    ORDER BY c.oid
  LOOP
    BEGIN
      EXECUTE format('DROP INDEX %s', target.name);
      RAISE NOTICE 'kerrera.migrate.gin-indexes is false: index % is dropped. To have it again: CREATE INDEX CONCURRENTLY oban_jobs_%_index ON % USING gin (%)',
        target.name, target.of_column, jobs, target.of_column;
    EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
      RAISE WARNING 'kerrera.migrate.gin-indexes is false, but index % cannot be dropped now (%); the next start tries again',
        target.name, SQLERRM;
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', waiting, true);
END $drop$;
