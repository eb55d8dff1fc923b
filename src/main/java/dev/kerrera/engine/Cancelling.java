package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Row;
import dev.kerrera.job.JobFilter;
import java.sql.SQLException;
import java.time.Clock;
import java.util.stream.Stream;

/** Cancels jobs that have not ended. */
public final class Cancelling {

    /**
     * The rows are locked first, which yields their states as they are once the locks are held; a row that ended meanwhile is left
     * out. In the order of their ids, so that two such statements never wait for each other.
     */
    private static final String CANCEL = """
            WITH found AS (
                SELECT id AS found_id, state AS found_state FROM ${schema}.oban_jobs
                WHERE state IN ('available', 'suspended', 'scheduled', 'executing', 'retryable') AND ${filter}
                ORDER BY id
                FOR UPDATE),
            cancelled AS (
                UPDATE ${schema}.oban_jobs SET state = 'cancelled', cancelled_at = ?
                FROM found WHERE id = found_id
                RETURNING id, found_state)
            SELECT count(*), array_agg(id::text) FILTER (WHERE found_state = 'executing') FROM cancelled""";

    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Clock clock;

    public Cancelling(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.prefix = prefix;
        this.clock = clock;
    }

    /** Cancels those that match and have not ended. A run of one of them can no longer write its result. */
    public Cancelled cancel(JobFilter filter) {
        Fragment condition = FilterSql.of(filter);
        return jdbc.query(
                        prefix.in(CANCEL.replace("${filter}", condition.sql())),
                        p -> {
                            condition.values().bind(p);
                            p.time(clock.instant());
                        },
                        Cancelling::read)
                .get(0);
    }

    private static Cancelled read(Row row) throws SQLException {
        long jobs = row.number();
        String[] executing = row.texts();
        return new Cancelled(
                jobs,
                Stream.of(executing == null ? new String[0] : executing)
                        .map(Long::valueOf)
                        .toList());
    }
}
