package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Staging;
import dev.kerrera.engine.Touched;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SessionSettings;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One bad row never keeps the others from being staged. */
@ExtendWith(PooledSchema.class)
@Timeout(60)
class SieveTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final TestSchema schema;
    private final ConnectionPool pool;
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Staging staging;
    private final Sieve sieve = sieve(NEVER);

    SieveTest(TestSchema schema) {
        this.schema = schema;
        pool = new ConnectionPool(schema.dataSource());
        tapped = new TappedDataSource(pool.dataSource());
        jobs = new RawJobs(schema);
        staging = staging(tapped.dataSource());
    }

    private Staging staging(DataSource dataSource) {
        return new Staging(
                new Jdbc(dataSource, Transactions.none()),
                new Prefix(schema.name()),
                new SettableClock("2026-01-01T12:00:00Z"));
    }

    private static Sieve sieve(Duration again) {
        return new Sieve("is due, but its row cannot be changed", again);
    }

    private Touched stage(int limit) {
        return stage(sieve, staging, limit);
    }

    private static Touched stage(Sieve sieve, Staging staging, int limit) {
        List<Touched> parts = new ArrayList<>();
        sieve.pass(staging.batch(limit), parts::add);
        return new Touched(
                parts.stream().mapToLong(Touched::jobs).sum(),
                parts.stream()
                        .flatMap(part -> part.queues().stream())
                        .distinct()
                        .toList());
    }

    @AfterEach
    void close() throws SQLException {
        pool.close();
    }

    @AfterEach
    void letEverythingPass() {
        jobs.run("DROP FUNCTION IF EXISTS ${schema}.refuse() CASCADE");
    }

    @Test
    void a_row_older_than_a_constraint_is_left_behind_alone_and_told_once() {
        jobs.run("ALTER TABLE ${schema}.oban_jobs DROP CONSTRAINT non_negative_priority");
        long bad = jobs.add(
                "(worker, queue, state, scheduled_at, priority) VALUES ('A', 'a', 'scheduled', '2026-01-01', -1)");
        jobs.run(
                "ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT non_negative_priority CHECK (priority >= 0) NOT VALID");
        add(20);
        try (CapturedLog log = CapturedLog.of(Sieve.class)) {
            Touched staged = stage(5_000);
            add(3);
            stage(5_000);

            assertThat(staged).isEqualTo(new Touched(20, List.of("a")));
            assertThat(jobs.count("state = 'available'")).isEqualTo(23);
            assertThat(jobs.state(bad)).isEqualTo("scheduled");
            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Job %d is due, but its row cannot be changed, so it is left as it is and tried again every PT1H"
                                    .formatted(bad))
                    .contains("non_negative_priority");
        }
    }

    @Test
    void a_job_whose_attempts_cannot_be_counted_any_further_is_left_behind_alone() {
        long bad = jobs.add("(worker, queue, state, scheduled_at, attempt, max_attempts)"
                + " VALUES ('A', 'a', 'retryable', '2026-01-01', 2147483647, 2147483647)");
        add(3);

        assertThat(stage(5_000).jobs()).isEqualTo(3);
        assertThat(jobs.state(bad)).isEqualTo("retryable");
    }

    @Test
    void bad_rows_take_no_place_of_the_limit_however_many_come_first() {
        refuse("NEW.worker = 'Bad'");
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'Bad', 'scheduled', '2025-01-01' FROM generate_series(1, 12)");
        add(30);

        long staged = 0;
        for (int turn = 0; turn < 5; turn++) {
            staged += stage(10).jobs();
        }

        assertThat(staged).isEqualTo(30);
        assertThat(jobs.count("worker = 'Bad' AND state = 'scheduled'")).isEqualTo(12);
    }

    @Test
    void it_learns_which_rows_are_bad_and_fails_no_more() {
        refuse("NEW.worker = 'Bad'");
        jobs.add("(worker, state, scheduled_at) VALUES ('Bad', 'scheduled', '2026-01-01')");
        add(20);
        stage(100);
        int before = tapped.statements("oban_jobs").size();

        add(20);
        assertThat(stage(100).jobs()).isEqualTo(20);

        assertThat(tapped.statements("oban_jobs")).hasSize(before + 1);
    }

    @Test
    void a_row_that_was_mended_is_staged_at_the_next_try() {
        Sieve impatient = sieve(Duration.ofMillis(1));
        refuse("NEW.worker = 'Bad'");
        long bad = jobs.add("(worker, queue, state, scheduled_at) VALUES ('Bad', 'b', 'scheduled', '2026-01-01')");
        try (CapturedLog log = CapturedLog.of(Sieve.class)) {
            for (int turn = 0; turn < 3; turn++) {
                assertThat(stage(impatient, staging, 100).jobs()).isZero();
            }
            assertThat(log.messages(Level.WARNING)).as("told once").hasSize(1);

            letEverythingPass();

            await().untilAsserted(
                            () -> assertThat(stage(impatient, staging, 100)).isEqualTo(new Touched(1, List.of("b"))));
            assertThat(jobs.state(bad)).isEqualTo("available");
        }
    }

    @Test
    void more_than_a_thousand_bad_rows_keep_nobody_from_being_staged() {
        refuse("NEW.worker = 'Bad'");
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'Bad', 'scheduled', '2025-01-01' FROM generate_series(1, 1500)");
        add(30);

        assertThat(stage(5_000).jobs()).isEqualTo(30);
        add(20);
        int before = tapped.statements("oban_jobs").size();
        assertThat(stage(5_000).jobs()).isEqualTo(20);

        assertThat(tapped.statements("oban_jobs")).hasSize(before + 1);
        assertThat(jobs.count("worker = 'Bad' AND state = 'scheduled'")).isEqualTo(1_500);
    }

    @Test
    void nor_do_they_where_a_whole_batch_is_bad() {
        refuse("NEW.worker = 'Bad'");
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'Bad', 'scheduled', '2025-01-01' FROM generate_series(1, 1500)");
        add(30);

        assertThat(stage(1_000).jobs()).isZero();
        assertThat(stage(1_000).jobs()).isEqualTo(30);
    }

    @NeedsSession("the timeout is set for the session")
    @Test
    void a_batch_too_large_for_the_timeout_goes_in_pieces() {
        jobs.run("""
                CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
                CREATE TRIGGER slow BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()""");
        add(16);
        Staging hurried = staging(new SessionSettings(schema.dataSource(), "SET statement_timeout = 500"));

        assertThat(stage(sieve, hurried, 5_000)).isEqualTo(new Touched(16, List.of("a")));
    }

    @Test
    void what_is_not_about_rows_is_not_sifted() {
        add(10);
        tapped.fail("oban_jobs", 1);

        assertThatThrownBy(() -> stage(100)).isInstanceOf(DatabaseException.class);

        assertThat(tapped.statements("oban_jobs")).hasSize(1);
        assertThat(stage(100).jobs()).isEqualTo(10);
    }

    @Test
    void where_every_row_is_refused_it_gives_up_after_a_thousand() {
        refuse("true");
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'A', 'scheduled', '2026-01-01' FROM generate_series(1, 1100)");

        try (CapturedLog log = CapturedLog.of(Sieve.class)) {
            assertThatThrownBy(() -> stage(5_000)).hasMessageContaining("not today");

            assertThat(log.messages(Level.WARNING)).hasSizeBetween(1_000, 1_001);
            int before = tapped.statements("oban_jobs").size();
            assertThatThrownBy(() -> stage(5_000)).hasMessageContaining("not today");
            assertThat(tapped.statements("oban_jobs")).hasSize(before + 1);
        }
    }

    private void refuse(String condition) {
        jobs.run("""
                CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF %s THEN RAISE 'not today'; END IF; RETURN NEW; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()""".formatted(condition));
    }

    private void add(int count) {
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, queue, state, scheduled_at)"
                + " SELECT 'A', 'a', 'scheduled', '2026-01-01' FROM generate_series(1, " + count + ")");
    }
}
