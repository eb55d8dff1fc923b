package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SessionSettings;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pruner keeps to the indexes, however many of the jobs have ended. */
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
class PrunePlanTest {

    private final TestSchema schema;
    private final TappedDataSource tapped;

    PrunePlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        Pruning pruning = new Pruning(new Jdbc(tapped.dataSource(), Transactions.none()), new Prefix(schema.name()));
        for (JobState state : new JobState[] {JobState.COMPLETED, JobState.CANCELLED, JobState.DISCARDED}) {
            pruning.of(state, Duration.ofDays(1), 1_000).run(List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 30, 1})
    void no_statement_reads_a_table_of_many_jobs(int percentEnded) throws SQLException {
        new RawJobs(schema).run("""
                INSERT INTO ${schema}.oban_jobs (worker, queue, priority, state, scheduled_at, completed_at, cancelled_at, discarded_at)
                SELECT 'A', 'queue-' || n %% 7, n %% 3,
                    CASE WHEN n %% 100 >= %d THEN 'available' WHEN n %% 10 = 1 THEN 'cancelled'
                        WHEN n %% 10 = 2 THEN 'discarded' ELSE 'completed' END::${schema}.oban_job_state,
                    moment, moment, moment, moment
                FROM generate_series(1, 50000) n, LATERAL (SELECT timestamp '2026-01-01' + n * interval '1 second' AS moment) at;
                ANALYZE ${schema}.oban_jobs""".formatted(percentEnded));

        assertThat(planOfCompleted(10))
                .contains("oban_jobs_state_queue_priority_scheduled_at_id_index")
                .doesNotContain("Seq Scan");
        assertThat(plan("'cancelled'", "bigint, bigint[], int", "1000, '{}', 10"))
                .contains("oban_jobs_state_cancelled_at_index")
                .doesNotContain("Seq Scan");
        assertThat(plan("'discarded'", "bigint, bigint[], int", "1000, '{}', 10"))
                .contains("oban_jobs_state_discarded_at_index")
                .doesNotContain("Seq Scan");
    }

    @Test
    void a_limit_that_all_fit_into_is_no_reason_to_read_the_table() throws SQLException {
        new RawJobs(schema).run("""
                INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at, completed_at)
                SELECT 'A', 'completed', moment, moment
                FROM generate_series(1, 50000) n, LATERAL (SELECT timestamp '2026-01-01' + n * interval '1 second' AS moment) at;
                ANALYZE ${schema}.oban_jobs""");

        assertThat(planOfCompleted(1_000_000))
                .contains("oban_jobs_state_queue_priority_scheduled_at_id_index")
                .doesNotContain("Seq Scan", "Bitmap");
    }

    private String planOfCompleted(int limit) throws SQLException {
        return plan("'completed'", "bigint, bigint[], int, int", "1000, '{}', %1$d, %1$d".formatted(limit));
    }

    private String plan(String part, String types, String parameters) throws SQLException {
        assertThat(tapped.statements(ByIndex.CLOSE)).as("before each statement").hasSize(3);
        String settings = ByIndex.CLOSE.replace("true)", "false)");
        TestSchema closed = new TestSchema(new SessionSettings(schema.dataSource(), settings), schema.name());
        return new GenericPlan(closed, tapped).of(part, types, parameters, "");
    }
}
