-- Settings of oban_jobs that keep a table of much traffic fast: vacuumed often and at full speed, and GIN entries merged in small portions.
-- Whatever is chosen already stays, and so does a table that somebody else owns or manages. A lock that is not to be had is not waited for.
DO $settings$
DECLARE
  jobs CONSTANT regclass := to_regclass($name$${schema}.oban_jobs$name$);
  waiting CONSTANT text := current_setting('lock_timeout');
  target record;
BEGIN
  IF current_setting('kerrera.table_settings', true) = 'off' OR encode(convert_to(obj_description(jobs, 'pg_class'), 'UTF8'), 'hex') = 'e2889e' THEN
    RETURN;
  END IF;
  PERFORM set_config('lock_timeout', '3s', true);
  FOR target IN
    WITH wanted (kind, option, value) AS (VALUES
      ('TABLE', 'autovacuum_vacuum_scale_factor', '0.02'),
      ('TABLE', 'autovacuum_vacuum_threshold', '1000'),
      ('TABLE', 'autovacuum_vacuum_insert_scale_factor', '0.02'),
      ('TABLE', 'autovacuum_vacuum_cost_delay', '0'),
      ('TABLE', 'autovacuum_analyze_scale_factor', '0.05'),
      ('TABLE', 'autovacuum_analyze_threshold', '1000'),
      ('INDEX', 'gin_pending_list_limit', '1024')
    ), relation (kind, id) AS (
      SELECT 'TABLE', jobs::oid
      UNION ALL
      SELECT 'INDEX', i.indexrelid FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_am method ON method.oid = c.relam
      WHERE i.indrelid = jobs AND method.amname = 'gin'
    )
    SELECT w.kind, r.id::regclass AS name, string_agg(w.option || ' = ' || w.value, ', ') AS settings
    FROM relation r
    JOIN wanted w ON w.kind = r.kind
    JOIN pg_catalog.pg_class c ON c.oid = r.id
    WHERE c.relkind IN ('r', 'i') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM unnest(c.reloptions) chosen WHERE split_part(chosen, '=', 1) = w.option)
    GROUP BY w.kind, r.id
    ORDER BY w.kind DESC, r.id
  LOOP
    BEGIN
      EXECUTE format('ALTER %s %s SET (%s)', target.kind, target.name, target.settings);
    EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
      RAISE WARNING '% is left without its settings (%), which can be made at any time: ALTER % % SET (%)',
        target.name, SQLERRM, target.kind, target.name, target.settings;
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', waiting, true);
END $settings$;
