package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.StagerSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.task.LastDone;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.testsupport.BulkLoad;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SessionSettings;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand due jobs behind a million that wait. */
@Tag("long")
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
@Timeout(180)
class StagerLoadTest {

    private static final int DUE = 10_000;

    private static TestSchema schema;
    private static RawJobs jobs;

    /** Analyzed in the middle of the transaction, so the planner takes the table for empty: the worst it can know. */
    @BeforeAll
    static void fill(TestSchema million) throws SQLException {
        schema = million;
        jobs = new RawJobs(million);
        jobs.run("ALTER TABLE ${schema}.oban_jobs SET (autovacuum_enabled = off)");
        BulkLoad.insert(
                schema, true, insert(1_000_000, "timezone('UTC', now()) + interval '1 day' + n * interval '1 second'"));
    }

    @AfterAll
    static void reset() {
        jobs.run("ALTER TABLE ${schema}.oban_jobs RESET (autovacuum_enabled)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "force_generic_plan", "force_custom_plan"})
    void the_due_are_staged_oldest_first_within_ten_seconds(String planCacheMode) {
        jobs.run("DELETE FROM ${schema}.oban_jobs WHERE state = 'available'");
        jobs.run(insert(DUE, "timezone('UTC', now()) - n * interval '1 second'"));
        Stager stager = stager(planCacheMode);

        long start = System.nanoTime();
        stager.stage();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        start = System.nanoTime();
        stager.stage();
        Duration idle = Duration.ofNanos(System.nanoTime() - start);

        System.Logger log = System.getLogger(StagerLoadTest.class.getName());
        log.log(
                System.Logger.Level.INFO,
                "%s: 10,000 staged in %s, an idle turn in %s".formatted(planCacheMode, took, idle));
        assertThat(jobs.count("state = 'available'")).isEqualTo(DUE);
        assertThat(took).isLessThan(Duration.ofSeconds(10));
        assertThat(idle).as("a turn with nothing due").isLessThan(Duration.ofSeconds(1));
        assertThat(jobs.query("""
                        SELECT count(*) || ' ' || bool_and(old) FROM (
                            SELECT xmin, (row_number() OVER (ORDER BY scheduled_at, id) <= 5000)
                                = (xmin::text::bigint = min(xmin::text::bigint) OVER ()) AS old
                            FROM ${schema}.oban_jobs WHERE state = 'available') staged
                        GROUP BY xmin ORDER BY xmin::text::bigint"""))
                .as("the older half in the first batch, the younger half in the second")
                .containsExactly("5000 true", "5000 true");
    }

    private static Stager stager(String planCacheMode) {
        Jdbc jdbc = new Jdbc(
                new SessionSettings(schema.dataSource(), "SET plan_cache_mode = " + planCacheMode),
                Transactions.none());
        Notifier notifier = TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.none());
        StagerSettings defaults = TestSettings.of(schema.name()).stager();
        Staging staging = new Staging(jdbc, new Prefix(schema.name()), Clock.systemUTC());
        return new Stager(
                defaults, () -> true, () -> Connectivity.CLUSTERED, staging, notifier, new LastDone(), () -> 0L);
    }

    private static String insert(int count, String scheduledAt) {
        return """
                INSERT INTO ${schema}.oban_jobs (worker, queue, priority, state, scheduled_at)
                SELECT 'A', 'queue-' || n %% 7, n / 7 %% 4,
                    CASE WHEN n %% 10 = 0 THEN 'retryable' ELSE 'scheduled' END::${schema}.oban_job_state, %s
                FROM generate_series(1, %d) n""".formatted(scheduledAt, count);
    }
}
