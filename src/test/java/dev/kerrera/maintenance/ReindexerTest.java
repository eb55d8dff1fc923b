package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class ReindexerTest {

    private final SettableClock clock = new SettableClock("2026-01-01T23:59:00Z");
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final TestSchema schema;
    private final RawJobs jobs;
    private final TappedDataSource tapped;

    ReindexerTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.tapped = new TappedDataSource(schema.dataSource());
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        jobs.run("DROP INDEX IF EXISTS ${schema}.oban_jobs_left_ccnew");
        jobs.run("DROP INDEX IF EXISTS ${schema}.\"Half \"\"done\"");
        jobs.run("DROP INDEX IF EXISTS ${schema}.oban_jobs_by_name_only");
        jobs.run("DROP INDEX IF EXISTS ${schema}.oban_jobs_being_built");
    }

    @Test
    void at_a_time_of_the_schedule_the_indexes_are_built_anew() {
        String args = node("oban_jobs_args_index");
        String meta = node("oban_jobs_meta_index");
        Reindexer reindexer = reindexer();
        reindexer.turn();
        assertThat(node("oban_jobs_args_index")).isEqualTo(args);

        at(reindexer, "2026-01-02T00:00:00Z");

        assertThat(node("oban_jobs_args_index")).isNotEqualTo(args);
        assertThat(node("oban_jobs_meta_index")).isNotEqualTo(meta);
        assertThat(statements())
                .containsExactly(
                        "REINDEX INDEX CONCURRENTLY \"%s\".\"oban_jobs_args_index\"".formatted(schema.name()),
                        "REINDEX INDEX CONCURRENTLY \"%s\".\"oban_jobs_meta_index\"".formatted(schema.name()));
    }

    @Test
    void a_time_is_acted_on_once_whoever_leads() {
        Reindexer one = reindexer();
        Reindexer other = reindexer();
        one.turn();
        other.turn();

        at(one, "2026-01-02T00:00:00Z");
        at(other, "2026-01-02T00:00:01Z");
        at(reindexer(), "2026-01-02T00:00:02Z");
        at(one, "2026-01-02T00:01:30Z");
        assertThat(statements()).hasSize(2);

        at(one, "2026-01-03T00:00:00Z");
        assertThat(statements()).hasSize(4);
    }

    @Test
    void a_time_that_was_missed_is_not_made_up_for() {
        reindexer().turn();

        at(reindexer(), "2026-01-02T00:02:01Z");
        assertThat(statements()).isEmpty();

        at(reindexer(), "2026-01-03T00:02:00Z");
        assertThat(statements()).hasSize(2);
    }

    @Test
    void between_two_times_nothing_is_asked_of_the_database() {
        Reindexer reindexer = reindexer();
        reindexer.turn();
        int before = tapped.statements("").size();

        at(reindexer, "2026-01-01T23:59:59.999Z");

        assertThat(tapped.statements("")).hasSize(before);
    }

    @Test
    void the_schedule_goes_by_its_zone() {
        Reindexer reindexer =
                reindexer("kerrera.reindexer.schedule", "30 5 * * *", "kerrera.reindexer.timezone", "Asia/Kathmandu");
        reindexer.turn();

        at(reindexer, "2026-01-01T23:44:59Z");
        assertThat(statements()).isEmpty();
        at(reindexer, "2026-01-01T23:45:00Z");
        assertThat(statements()).isEmpty(); // the row begins at 23:59
        at(reindexer, "2026-01-02T23:45:00Z");
        assertThat(statements()).hasSize(2);
    }

    @Test
    void every_statement_is_attempted_and_failures_are_logged_with_it() {
        Reindexer reindexer =
                reindexer("kerrera.reindexer.indexes", "none, oban_jobs_meta_index, bad\"; DROP TABLE x; --");
        reindexer.turn();
        String meta = node("oban_jobs_meta_index");
        try (CapturedLog log = CapturedLog.of(Reindexing.class)) {
            at(reindexer, "2026-01-02T00:00:00Z");

            assertThat(log.messages(Level.WARNING))
                    .hasSize(2)
                    .anyMatch(message ->
                            message.startsWith("REINDEX INDEX CONCURRENTLY \"%s\".\"none\" failed: ERROR: relation"
                                    .formatted(schema.name())))
                    .anyMatch(message -> message.contains("\"bad\"\"; DROP TABLE x; --\" failed: ERROR: relation"));
        }
        assertThat(node("oban_jobs_meta_index")).isNotEqualTo(meta);
    }

    @Test
    void what_earlier_attempts_left_half_done_is_dropped() {
        jobs.run("CREATE INDEX oban_jobs_left_ccnew ON ${schema}.oban_jobs (worker)");
        jobs.run("CREATE INDEX \"Half \"\"done\" ON ${schema}.oban_jobs (worker)");
        invalidate("oban_jobs_left_ccnew");
        jobs.run("CREATE INDEX oban_jobs_by_name_only ON ${schema}.oban_peers (node)");
        invalidate("Half \"done");
        invalidate("oban_jobs_by_name_only");
        Reindexer reindexer = reindexer();
        reindexer.turn();

        at(reindexer, "2026-01-02T00:00:00Z");

        assertThat(indexes())
                .doesNotContain("oban_jobs_left_ccnew", "Half \"done")
                .contains("oban_jobs_by_name_only");
    }

    @Test
    void an_index_that_somebody_is_building_is_not_dropped() throws Exception {
        Reindexer reindexer =
                reindexer("kerrera.reindexer.indexes", "oban_jobs_meta_index", "kerrera.reindexer.timeout", "1s");
        reindexer.turn();
        try (Connection writer = schema.dataSource().getConnection();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE " + schema.name() + ".oban_jobs IN ROW EXCLUSIVE MODE");
            Future<?> building = timer.submit(
                    () -> jobs.run("CREATE INDEX CONCURRENTLY oban_jobs_being_built ON ${schema}.oban_jobs (worker)"));
            await().until(() -> indexes().contains("oban_jobs_being_built"));

            at(reindexer, "2026-01-02T00:00:00Z");

            assertThat(tapped.statements("DROP INDEX")).isEmpty();
            writer.rollback();
            building.get();
        }
        assertThat(indexes()).contains("oban_jobs_being_built");
    }

    @Test
    void who_is_stopped_begins_no_more_statements() throws Exception {
        CountDownLatch statement = new CountDownLatch(1);
        tapped.hang("REINDEX", statement);
        Reindexer reindexer = reindexer();
        reindexer.turn();
        clock.set(Instant.parse("2026-01-02T00:00:00Z"));
        reindexer.start(timer);
        await().until(() -> statements().size() == 1);

        Thread stop = new Thread(reindexer::stop);
        stop.start();
        await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
        statement.countDown();
        stop.join();

        assertThat(statements()).hasSize(1);
    }

    @Test
    void who_leads_no_longer_begins_no_more_statements() {
        jobs.run("CREATE INDEX oban_jobs_left_ccnew ON ${schema}.oban_jobs (worker)");
        invalidate("oban_jobs_left_ccnew");
        Reindexer reindexer = reindexer(() -> statements().isEmpty());
        reindexer.turn();

        at(reindexer, "2026-01-02T00:00:00Z");

        assertThat(statements()).hasSize(1);
        assertThat(tapped.statements("DROP INDEX")).isEmpty();
    }

    @Test
    void an_index_that_is_mended_by_being_built_anew_stays() {
        invalidate("oban_jobs_args_index");
        Reindexer reindexer = reindexer();
        reindexer.turn();

        at(reindexer, "2026-01-02T00:00:00Z");

        assertThat(indexes()).contains("oban_jobs_args_index");
        assertThat(
                        jobs.query(
                                "SELECT indisvalid FROM pg_index WHERE indexrelid = '${schema}.oban_jobs_args_index'::regclass"))
                .containsExactly("t");
    }

    @Test
    void a_statement_that_takes_too_long_is_given_up() throws Exception {
        Reindexer reindexer = reindexer("kerrera.reindexer.timeout", "1s");
        reindexer.turn();
        String args = node("oban_jobs_args_index");
        try (Connection holder = schema.dataSource().getConnection();
                var statement = holder.createStatement();
                CapturedLog log = CapturedLog.of(Reindexing.class)) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE " + schema.name() + ".oban_jobs IN SHARE UPDATE EXCLUSIVE MODE");

            at(reindexer, "2026-01-02T00:00:00Z");

            assertThat(log.messages(Level.WARNING))
                    .hasSize(2)
                    .allMatch(message -> message.contains("failed: ERROR: canceling statement"));
            holder.rollback();
        }
        assertThat(node("oban_jobs_args_index")).isEqualTo(args);
    }

    @Test
    void it_runs_by_itself_from_start_to_stop_and_only_if_it_is_asked_to() {
        Reindexer off = reindexer("kerrera.reindexer.enabled", "false");
        off.start(timer);
        assertThat(off.isEnabled()).isFalse();

        Reindexer on = reindexer();
        on.start(timer);
        await().until(() ->
                jobs.query("SELECT entry FROM ${schema}.kerrera_crons").equals(List.of("$reindexer")));
        clock.set(Instant.parse("2026-01-02T00:00:00Z"));
        await().until(() -> statements().size() == 2);

        assertThat(on.isEnabled()).isTrue();
        assertThat(on.loop().name()).isEqualTo("The reindexer");
        assertThat(on.loop().turning()).isTrue();
        on.stop();
    }

    @Test
    void a_schedule_that_names_no_times_is_a_problem() {
        assertThat(problems("@midnight")).isEmpty();
        assertThat(problems("@reboot"))
                .containsExactly("kerrera.reindexer.schedule must name times such as @midnight, was '@reboot'");
        assertThat(problems("0 24 * * *"))
                .containsExactly(
                        "kerrera.reindexer.schedule is '0 24 * * *': the hour '24' is wrong: 24 is out of range:"
                                + " values are 0 to 23");
    }

    private static List<String> problems(String schedule) {
        return Reindexer.problems(TestSettings.of("public", "kerrera.reindexer.schedule", schedule)
                .reindexer());
    }

    private Reindexer reindexer(String... keysAndValues) {
        return reindexer(() -> true, keysAndValues);
    }

    private Reindexer reindexer(BooleanSupplier leads, String... keysAndValues) {
        String[] keys = new String[keysAndValues.length + 2];
        keys[0] = "kerrera.reindexer.enabled";
        keys[1] = "true";
        System.arraycopy(keysAndValues, 0, keys, 2, keysAndValues.length);
        Settings settings = TestSettings.of(schema.name(), keys);
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        return new Reindexer(
                settings.reindexer(),
                leads,
                new CronRows(jdbc, prefix, settings.name()),
                new Reindexing(jdbc, prefix),
                clock,
                () -> 0L);
    }

    private void at(Reindexer reindexer, String now) {
        clock.set(Instant.parse(now));
        reindexer.turn();
    }

    private List<String> statements() {
        return tapped.statements("REINDEX");
    }

    /** The file of an index, another one after each reindexing. */
    private String node(String index) {
        return jobs.query("SELECT pg_relation_filenode('${schema}." + index + "')")
                .get(0);
    }

    private List<String> indexes() {
        return jobs.query("SELECT indexname FROM pg_indexes WHERE schemaname = '${schema}'");
    }

    private void invalidate(String index) {
        jobs.run("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = (SELECT oid FROM pg_class WHERE relname = '"
                + index + "' AND relnamespace = '${schema}'::regnamespace)");
    }
}
