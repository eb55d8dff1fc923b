package dev.kerrera.elixir;

import dev.kerrera.testsupport.RawJobs;
import java.util.List;

/** What every row must be, or an Elixir node that meets it crashes, stops a queue or burns attempts. */
record RowContract(RawJobs jobs) {

    private static final String BREACHES = """
            SELECT format('job %s: %s', id, breach) FROM ${schema}.oban_jobs, LATERAL (VALUES
                ('args are no object', jsonb_typeof(args) <> 'object'),
                ('meta is no object', meta IS NULL OR jsonb_typeof(meta) <> 'object'),
                ('tags are null', tags IS NULL OR array_position(tags, NULL) IS NOT NULL),
                ('it is available without an attempt left', state = 'available' AND attempt >= max_attempts),
                ('attempted_by is no pair of node and uuid', attempted_by IS NOT NULL AND (cardinality(attempted_by) <> 2
                    OR attempted_by[1] !~ '^\\S+$' OR attempted_by[2] !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')),
                ('it was attempted, and by nobody or never', attempt > 0 AND (attempted_by IS NULL OR attempted_at IS NULL)),
                ('an end is not dated', state = 'completed' AND completed_at IS NULL
                    OR state = 'cancelled' AND cancelled_at IS NULL OR state = 'discarded' AND discarded_at IS NULL),
                ('a time is not of today', EXISTS (
                    SELECT FROM unnest(ARRAY[inserted_at, scheduled_at, attempted_at, completed_at, cancelled_at, discarded_at]) AS moment
                    WHERE abs(extract(epoch FROM moment - timezone('UTC', now()))) > 7200)),
                ('names are too long', char_length(worker) > 127 OR char_length(queue) > 127),
                ('an error has other keys than attempt, at and error, or other values', EXISTS (
                    SELECT FROM unnest(errors) AS entry
                    WHERE jsonb_typeof(entry) <> 'object'
                       OR (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(entry) AS key) <> '{at,attempt,error}'
                       OR jsonb_typeof(entry -> 'attempt') <> 'number' OR jsonb_typeof(entry -> 'error') <> 'string'
                       OR entry ->> 'at' !~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$'))
            ) AS contract (breach, breached) WHERE breached
            ORDER BY id""";

    List<String> breaches() {
        return jobs.query(BREACHES);
    }
}
