-- Locks the jobs of a queue that are to run next, and returns their ids. How it finds them must not depend on what the planner knows: where
-- nothing was available when the table was last analyzed, it would read and sort all that wait for each fetch.
CREATE FUNCTION ${schema}.kerrera_next(of_queue text, workers text[], demand integer) RETURNS SETOF bigint
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$ BEGIN
  RETURN QUERY SELECT id FROM ${schema}.oban_jobs
    WHERE state = 'available' AND queue = of_queue AND worker = ANY(workers) AND attempt < max_attempts
    ORDER BY priority, scheduled_at, id
    LIMIT demand
    FOR UPDATE SKIP LOCKED;
END $$;
