-- The statements of the hot path, which must not depend on what the planner knows: a plan is kept by a connection until the table is
-- analyzed again, and was perhaps made while the table was empty, or nothing available, or nothing executing.

-- Takes the jobs that are to run next for producers of a node: so many of each queue, after a place in its order. They are changed by their
-- place in the table, for which there is one way only.
CREATE FUNCTION ${schema}.kerrera_fetch(
  node text, producers text[], queues text[], demands integer[],
  after_priorities integer[], after_times timestamp[], after_ids bigint[],
  workers text[], moment timestamp)
RETURNS TABLE (
  queue text, id bigint, worker text, args text, errors text, attempt integer, max_attempts integer,
  inserted_at timestamp, scheduled_at timestamp, attempted_at timestamp, completed_at timestamp, discarded_at timestamp,
  cancelled_at timestamp, priority integer, tags text[], meta text)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  places tid[] := '{}';
BEGIN
  FOR i IN 1 .. cardinality(queues) LOOP
    places := places || ARRAY(
      SELECT ctid FROM ${schema}.oban_jobs
      WHERE state = 'available' AND queue = queues[i] AND worker = ANY(workers) AND attempt < max_attempts
        AND (priority, scheduled_at, id) > (after_priorities[i], after_times[i], after_ids[i])
      ORDER BY priority, scheduled_at, id
      LIMIT demands[i]
      FOR UPDATE SKIP LOCKED);
  END LOOP;
  -- The moment of the attempt grows even where the node's clock is behind the last one's, because it tells runs apart; a moment that
  -- cannot be, to which nothing can be added, is forgotten.
  RETURN QUERY UPDATE ${schema}.oban_jobs
    SET state = 'executing', attempt = attempt + 1,
      attempted_by = ARRAY[node, producers[array_position(queues, queue)]],
      attempted_at = greatest(moment,
        CASE WHEN attempted_at < '9999-01-01' THEN attempted_at + interval '1 microsecond' END)
    WHERE ctid = ANY(places)
    RETURNING queue, id, worker, args::text, to_jsonb(errors)::text, attempt, max_attempts,
      inserted_at, scheduled_at, attempted_at, completed_at, discarded_at,
      cancelled_at, priority, nullif(tags, '{}')::text[], meta::text;
END $$;

-- Completes the jobs of runs of a node, or deletes them, as far as they are still these runs'. None is waited for longer than a moment: one
-- that somebody holds must not hold up the others. That counts from the first row on, when the table is locked, because who locks the table
-- is waited for. The ids are named apart from the join, and the state in a form that no index answers, so
-- that the jobs are found by their key.
CREATE FUNCTION ${schema}.kerrera_complete(
  ids bigint[], attempts integer[], moments timestamp[], producers text[],
  node text, moment timestamp, deleting boolean) RETURNS SETOF bigint
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET enable_nestloop = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  IF deleting THEN
    RETURN QUERY DELETE FROM ${schema}.oban_jobs job
      USING unnest(ids, attempts, moments, producers) AS run (id, attempt, attempted_at, producer)
      WHERE (SELECT set_config('lock_timeout', '100ms', true)) IS NOT NULL
        AND job.id = ANY(ids) AND job.id = run.id AND coalesce(job.state = 'executing', false) AND job.attempt = run.attempt
        AND job.attempted_by = ARRAY[node, run.producer] AND job.attempted_at = run.attempted_at
      RETURNING job.id;
  ELSE
    RETURN QUERY UPDATE ${schema}.oban_jobs job SET state = 'completed', completed_at = moment
      FROM unnest(ids, attempts, moments, producers) AS run (id, attempt, attempted_at, producer)
      WHERE (SELECT set_config('lock_timeout', '100ms', true)) IS NOT NULL
        AND job.id = ANY(ids) AND job.id = run.id AND coalesce(job.state = 'executing', false) AND job.attempt = run.attempt
        AND job.attempted_by = ARRAY[node, run.producer] AND job.attempted_at = run.attempted_at
      RETURNING job.id;
  END IF;
END $$;
