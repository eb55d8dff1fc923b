package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements of the hot path keep to the indexes once the server plans them for all parameters at once. */
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
class FetchPlanTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));

    private final TestSchema schema;
    private final TappedDataSource tapped;

    FetchPlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        Fetching fetching = new Fetching(
                new Jdbc(tapped.dataSource(), Transactions.none()), new Prefix(schema.name()), Clock.systemUTC());
        fetching.fetch("default", OWNER, Set.of("A"), 10);
        fetching.queuesWithWork(List.of("default"));
        fetching.reclaim("default", OWNER, List.of());
    }

    /** With none available at all, the planner may take any index that tells so. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1, 0})
    void no_statement_reads_a_table_of_many_jobs(int percentAvailable) throws SQLException {
        new RawJobs(schema).run("""
                INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)
                SELECT 'A',
                    CASE WHEN n %% 100 < %d THEN 'available' ELSE 'completed' END::${schema}.oban_job_state,
                    timestamp '2026-01-01' + n * interval '1 second'
                FROM generate_series(1, 100000) n;
                ANALYZE ${schema}.oban_jobs""".formatted(percentAvailable));

        String fetch = plan(
                "FOR UPDATE SKIP LOCKED",
                "text[], timestamp, text, text[], int",
                "'{a,b}', '2026-01-01', 'default', '{A}', 10");

        assertThat(fetch).contains("Index Scan using oban_jobs_pkey").doesNotContain("Seq Scan");
        if (percentAvailable > 0) {
            assertThat(fetch)
                    .contains("Index Scan using oban_jobs_state_queue_priority_scheduled_at_id_index")
                    .doesNotContain("Sort", "Bitmap");
        }
        assertThat(plan("unnest", "text[]", "'{default}'")).doesNotContain("Seq Scan");
        assertThat(plan("NOT id = ANY", "text, text[], bigint[]", "'default', '{a,b}', '{}'"))
                .doesNotContain("Seq Scan");
    }

    private String plan(String part, String types, String parameters) throws SQLException {
        return new GenericPlan(schema, tapped).of(part, types, parameters, "(VERBOSE)");
    }
}
