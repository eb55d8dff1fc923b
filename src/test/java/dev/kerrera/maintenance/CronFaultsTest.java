package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.cron.CronExpression;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.insert.Inserter;
import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.CronLine;
import dev.kerrera.worker.Decisions;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import dev.kerrera.worker.WorkerRegistry;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one entry or one row suffers hurts no other. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class CronFaultsTest {

    private static final Instant START = Instant.parse("2026-01-01T11:59:30Z");
    private static final WorkerDefinition REPORT = new WorkerDefinition(
            "Report",
            Object.class,
            Object.class,
            new JobDefaults("reports", 3, 7, List.of(), Unique.within(Duration.ofHours(2)), null),
            Execution.PLAIN,
            Decisions.of(Worker.class),
            List.of(
                    new CronLine("unique", "0 * * * *", "", "{}", "{}", ""),
                    new CronLine("boot", "@reboot", "", "{}", "{}", "")),
            () -> new WorkerInstance((args, job) -> Outcome.ok(), () -> {}));

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Jdbc jdbc;
    private final Prefix prefix;

    CronFaultsTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        this.prefix = new Prefix(schema.name());
    }

    @Test
    void an_entry_whose_unique_job_somebody_is_inserting_keeps_no_other_waiting() {
        CronNode node = new CronNode(schema, START.toString(), List.of(REPORT), entry("z", "0 * * * *"));
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            assertThatThrownBy(() -> jdbc.together(() -> {
                        application().store(NewJob.of("Report", Map.of()));
                        node.turn();
                        at(node, "12:00:00");
                        at(node, "12:00:01");
                        assertThat(fired("z")).containsExactly("12:00");
                        assertThat(lastAt("unique")).isEqualTo("2026-01-01 11:59:30");
                        assertThat(jobs.query("SELECT entry FROM ${schema}.kerrera_crons ORDER BY 1 FOR UPDATE NOWAIT"))
                                .containsExactly("unique", "z");
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            assertThat(log.messages(Level.WARNING))
                    .containsExactlyInAnyOrder(
                            "Cron entry boot failed and is tried again at once",
                            "Cron entry unique failed and is tried again at once");
        }

        at(node, "12:00:02");

        assertThat(jobs.count("worker = 'Report'")).isOne();
        assertThat(lastAt("unique")).isEqualTo("2026-01-01 12:00:00");
        assertThat(fired("z")).containsExactly("12:00");
    }

    @Test
    void a_row_that_somebody_has_locked_keeps_no_other_entry_waiting() throws Exception {
        CronNode node = new CronNode(schema, START.toString(), List.of(), two("0 * * * *"));
        node.turn();
        try (Connection holder = schema.dataSource().getConnection();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("UPDATE " + schema.name() + ".kerrera_crons SET last_at = last_at WHERE entry = 'a'");

            at(node, "12:00:00");

            assertThat(fired("b")).containsExactly("12:00");
            assertThat(fired("a")).isEmpty();
            holder.rollback();
        }
        at(node, "12:00:01");
        assertThat(fired("a")).containsExactly("12:00");
    }

    @Test
    void times_that_were_missed_are_told_once_they_are_made_up_for() {
        CronNode node = new CronNode(schema, START.toString(), List.of(), entry("a", "* * * * *"));
        node.turn();
        node.tapped.fail("oban_jobs", 30);
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            for (int second = 10; second < 40; second++) {
                at(node, "12:10:" + second);
            }
            assertThat(log.messages(Level.INFO)).isEmpty();

            at(node, "12:10:40");

            assertThat(log.messages(Level.INFO))
                    .containsExactly(
                            "Cron entry a missed its times after 2026-01-01T11:59:30Z, the latest at"
                                    + " 2026-01-01T12:08:00Z; at most 1 are made up for",
                            "Cron entry a works again");
        }
    }

    @Test
    void a_row_that_goes_away_is_begun_where_the_leader_last_looked() {
        CronNode node = new CronNode(schema, START.toString(), List.of(), entry("a", "@daily"));
        node.turn();
        jobs.run("DELETE FROM ${schema}.kerrera_crons");

        node.clock.set(Instant.parse("2026-01-02T00:00:00Z"));
        node.turn();

        assertThat(fired("a")).containsExactly("00:00");
        assertThat(lastAt("a")).isEqualTo("2026-01-02 00:00:00");
    }

    @Test
    void rows_at_the_ends_of_time_stop_neither_the_crontab_nor_themselves_for_ever() {
        String[] keys = two("0 * * * *");
        keys = and(keys, "kerrera.cron.entries.a.timezone", "Pacific/Kiritimati");
        keys = and(keys, entry("c", "0 * * * *"));
        CronNode node = new CronNode(schema, START.toString(), List.of(), keys);
        node.turn();
        jobs.run("UPDATE ${schema}.kerrera_crons SET last_at = 'infinity' WHERE entry = 'a'");
        jobs.run("UPDATE ${schema}.kerrera_crons SET last_at = '-infinity' WHERE entry = 'c'");
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            at(node, "12:00:00");
            assertThat(fired("a")).isEmpty();
            assertThat(fired("b")).containsExactly("12:00");
            assertThat(fired("c")).endsWith("12:00");

            String warning = log.messages(Level.WARNING).get(0);
            assertThat(log.messages(Level.WARNING)).hasSize(1);
            assertThat(warning)
                    .startsWith("Cron entry a has come as far as")
                    .contains("If that clock is right: UPDATE");
            jobs.run(warning.substring(warning.indexOf("UPDATE")).replace("now()", "timestamptz '2026-01-01 12:30Z'"));
        }

        at(node, "13:00:00");

        assertThat(fired("a")).containsExactly("13:00");
    }

    @Test
    void who_finds_a_changed_entry_first_tells_it_and_nobody_moves_its_row_back() {
        CronRows rows = new CronRows(jdbc, prefix, "Kerrera");
        Schedule hourly = schedule("0 * * * *");
        rows.of(hourly, null, START, START);
        CronRow stale = rows.read().get("a");
        Schedule daily = schedule("0 0 * * *");
        try (CapturedLog log = CapturedLog.of(CronRows.class)) {
            rows.of(daily, stale, START, START.plusSeconds(60));
            rows.of(daily, stale, START, START.plusSeconds(90));
            assertThat(lastAt("a")).isEqualTo("2026-01-01 12:00:30");
            rows.of(hourly, rows.read().get("a"), START, START.minusSeconds(600));

            assertThat(log.messages(Level.INFO))
                    .containsExactly(
                            "Cron entry a changed from '0 * * * *' in Etc/UTC to '0 0 * * *' in Etc/UTC; its times after"
                                    + " 2026-01-01T12:00:30Z are due",
                            "Cron entry a changed from '0 0 * * *' in Etc/UTC to '0 * * * *' in Etc/UTC; its times after"
                                    + " 2026-01-01T12:00:30Z are due");
        }
        assertThat(lastAt("a")).isEqualTo("2026-01-01 12:00:30");
    }

    private Inserter application() {
        return new Inserter(
                new Insertion(jdbc, prefix, () -> true),
                new UniqueInsertion(jdbc, prefix),
                new WorkerRegistry(List.of(REPORT)),
                TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.none()),
                Clock.fixed(START, ZoneOffset.UTC));
    }

    private static Schedule schedule(String expression) {
        return new Schedule("a", CronExpression.parse(expression), ZoneId.of("Etc/UTC"));
    }

    private static String[] two(String expression) {
        return and(entry("a", expression), entry("b", expression));
    }

    private static String[] entry(String name, String expression) {
        String root = "kerrera.cron.entries." + name + ".";
        return new String[] {root + "expression", expression, root + "worker", "Elsewhere", root + "queue", "far"};
    }

    private static String[] and(String[] keys, String... more) {
        String[] all = Arrays.copyOf(keys, keys.length + more.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        return all;
    }

    private static void at(CronNode node, String time) {
        node.clock.set(Instant.parse("2026-01-01T" + time + "Z"));
        node.turn();
    }

    private List<String> fired(String entry) {
        return jobs.query(
                "SELECT substr(meta ->> 'cron_at', 12, 5) FROM ${schema}.oban_jobs WHERE meta ->> 'cron_name' = '"
                        + entry + "' ORDER BY 1");
    }

    private String lastAt(String entry) {
        return jobs.query("SELECT last_at FROM ${schema}.kerrera_crons WHERE entry = '" + entry + "'")
                .get(0);
    }
}
