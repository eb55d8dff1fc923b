package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.PrunerSettings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Pruning;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class PrunerTest {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AtomicBoolean leading = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();
    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Pruning pruning;

    PrunerTest(TestSchema schema) {
        this.schema = schema;
        tapped = new TappedDataSource(schema.dataSource());
        jobs = new RawJobs(schema);
        pruning = new Pruning(new Jdbc(tapped.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "cancelled", "discarded"})
    void each_state_has_an_age_of_its_own(String state) {
        add(state, 1, "50 minutes");
        add(state, 1, "100 minutes");
        add(state, 1, "160 minutes");
        add(state, 1, "190 minutes");

        pruner(true, 100).prune();

        assertThat(jobs.count("TRUE"))
                .isEqualTo(
                        switch (state) {
                            case "completed" -> 1;
                            case "cancelled" -> 2;
                            default -> 3;
                        });
    }

    @ParameterizedTest
    @CsvSource({"100000, 3, 0", "22000, 3, 3000", "20000, 2, 5000", "10000, 1, 15000", "7, 1, 24993", "10001, 2, 14999"
    })
    void a_run_deletes_up_to_the_limit_ten_thousand_at_a_time(int limit, int statements, int left) {
        add("completed", 25_000, "1 day");

        pruner(true, limit).prune();

        assertThat(jobs.count("TRUE")).isEqualTo(left);
        assertThat(tapped.statements("'completed'")).hasSize(statements);
    }

    @Test
    void the_limit_is_for_each_state() {
        for (String state : new String[] {"completed", "cancelled", "discarded"}) {
            add(state, 5, "1 day");
        }

        pruner(true, 3).prune();

        assertThat(jobs.query("SELECT state::text || count(*) FROM ${schema}.oban_jobs GROUP BY state"))
                .containsExactlyInAnyOrder("completed2", "cancelled2", "discarded2");
    }

    @Test
    void a_limit_that_is_reached_is_told_of_once_an_hour_with_what_to_do() {
        add("completed", 5, "1 day");
        Pruner pruner = pruner(true, 2);
        try (CapturedLog log = CapturedLog.of(Pruner.class)) {
            pruner.prune();
            pruner.prune();
            pruner.prune();

            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("As many completed jobs were deleted as kerrera.pruner.limit (2) allows in one run;")
                    .contains("raise it, or shorten kerrera.pruner.interval");
        }
    }

    @Test
    void a_full_last_chunk_is_followed_by_a_look_for_more() {
        add("completed", 10_000, "1 day");

        pruner(true, 50_000).prune();

        assertThat(tapped.statements("'completed'")).hasSize(2);
    }

    @Test
    void a_job_that_another_table_refers_to_is_left_behind_alone_and_told_once() {
        add("completed", 1, "2 days");
        jobs.run("CREATE TABLE ${schema}.reference (job bigint REFERENCES ${schema}.oban_jobs)");
        jobs.run("INSERT INTO ${schema}.reference SELECT id FROM ${schema}.oban_jobs");
        for (String state : new String[] {"completed", "cancelled", "discarded"}) {
            add(state, 5, "1 day");
        }
        Pruner pruner = pruner(true, 100);
        try (CapturedLog log = CapturedLog.of(Sieve.class)) {
            pruner.prune();
            pruner.prune();

            assertThat(jobs.query("SELECT id FROM ${schema}.oban_jobs"))
                    .isEqualTo(jobs.query("SELECT job FROM ${schema}.reference"));
            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("ended long ago, but its row cannot be deleted, so it is left", "reference");
        } finally {
            jobs.run("DROP TABLE ${schema}.reference");
        }
    }

    @Test
    void a_state_that_cannot_be_pruned_keeps_no_other_from_it() {
        for (String state : new String[] {"completed", "cancelled", "discarded"}) {
            add(state, 5, "1 day");
        }
        tapped.fail("'completed'", 1);
        tapped.fail("'cancelled'", 1);

        assertThatThrownBy(pruner(true, 100)::prune)
                .isInstanceOf(DatabaseException.class)
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));

        assertThat(jobs.count("state = 'discarded'")).isZero();
        assertThat(jobs.count("TRUE")).isEqualTo(10);
    }

    @Test
    void it_does_not_wait_for_jobs_that_others_refer_to() throws Exception {
        add("completed", 1, "2 days");
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM " + schema.name() + ".oban_jobs FOR KEY SHARE");
            add("completed", 5, "1 day");

            timer.submit(pruner(true, 100)::prune).get(20, TimeUnit.SECONDS);

            assertThat(jobs.count("TRUE")).isOne();
            other.rollback();
        }
        pruner(true, 100).prune();
        assertThat(jobs.count("TRUE")).isZero();
    }

    @Test
    void it_prunes_where_this_node_leads_only() {
        leading.set(false);
        add("completed", 3, "1 day");
        Pruner pruner = pruner(true, 100);

        pruner.start(timer);
        await().until(() -> asked.get() > 5);
        assertThat(tapped.statements("oban_jobs")).isEmpty();
        assertThat(pruner.loop().name()).isEqualTo("The pruner");
        assertThat(pruner.isEnabled()).isTrue();

        leading.set(true);
        await().until(() -> jobs.count("TRUE") == 0);
        pruner.stop();
    }

    @Test
    void it_survives_an_outage_of_the_database() {
        tapped.refuseConnections(2);
        add("discarded", 1, "1 day");
        Pruner pruner = pruner(true, 100);

        pruner.start(timer);

        await().until(() -> jobs.count("TRUE") == 0);
        pruner.stop();
    }

    @Test
    void switched_off_it_does_not_even_begin() {
        Pruner pruner = pruner(false, 100);

        pruner.start(timer);
        pruner.stop();

        assertThat(pruner.isEnabled()).isFalse();
        assertThat(timer.getTaskCount()).isZero();
        assertThat(asked).hasValue(0);
    }

    private Pruner pruner(boolean enabled, int limit) {
        return new Pruner(
                new PrunerSettings(
                        enabled,
                        Duration.ofMillis(5),
                        limit,
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(3)),
                () -> {
                    asked.incrementAndGet();
                    return leading.get();
                },
                pruning,
                () -> 0L);
    }

    private void add(String state, int count, String ago) {
        jobs.run("""
                INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at, %1$s_at)
                SELECT 'A', '%1$s', moment, moment
                FROM (SELECT timezone('UTC', now()) - interval '%3$s' AS moment) then_, generate_series(1, %2$d)""".formatted(state, count, ago));
    }
}
