-- Runs a query whose plan must not depend on what the planner knows: the ways that may read everything are closed while it is planned and run.
-- So it takes one statement, where settings for a transaction take four.
CREATE FUNCTION ${schema}.kerrera_by_index(query text, moment timestamp) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET jit = off
AS $$ BEGIN RETURN QUERY EXECUTE query USING moment; END $$;
