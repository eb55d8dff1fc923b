package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.JobJson;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.CronLine;
import dev.kerrera.worker.Decisions;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class CrontabTest {

    private static final String[] HOURLY = entry("a", "0 * * * *");

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final TestSchema schema;
    private final RawJobs jobs;

    CrontabTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void a_job_is_inserted_when_its_entry_is_due_and_its_queue_is_told() {
        CronNode node = node("11:59:58", HOURLY);
        node.turn();
        at(node, "11:59:59.999999");
        assertThat(fired("a")).isEmpty();

        at(node, "12:00");
        at(node, "12:00:01");
        at(node, "13:00:00.4");

        assertThat(fired("a")).containsExactly("12:00", "13:00");
        assertThat(node.announced).containsExactly("far", "far");
        assertThat(jobs.query("SELECT state || ' ' || worker || ' ' || queue FROM ${schema}.oban_jobs"))
                .containsOnly("available Elsewhere far");
    }

    @Test
    void a_queue_is_told_when_the_job_can_be_seen() {
        CronNode node = node("11:59:58", HOURLY);
        node.turn();
        node.tapped.loseAnswers("INSERT INTO " + quoted() + ".oban_jobs", 1);

        at(node, "12:00");
        assertThat(node.announced).isEmpty();
        assertThat(fired("a")).isEmpty();

        at(node, "12:00:01");
        assertThat(node.announced).containsExactly("far");
        assertThat(fired("a")).containsExactly("12:00");
    }

    @Test
    void the_metadata_tells_the_entry_and_its_time() {
        CronNode node = node(
                "11:59:58",
                "kerrera.cron.entries.a.expression",
                "@hourly",
                "kerrera.cron.entries.a.worker",
                "Elsewhere",
                "kerrera.cron.entries.a.queue",
                "far",
                "kerrera.cron.entries.a.timezone",
                "Asia/Kathmandu",
                "kerrera.cron.entries.a.meta",
                "{\"k\": 1, \"cron_name\": \"b\"}");
        node.turn();

        at(node, "12:15:30");

        assertThat(jobs.query("SELECT meta FROM ${schema}.oban_jobs"))
                .singleElement()
                .extracting(JobJson::object)
                .isEqualTo(JobJson.object("{\"k\": 1, \"cron\": true, \"cron_expr\": \"@hourly\", \"cron_name\": \"a\","
                        + " \"cron_tz\": \"Asia/Kathmandu\", \"cron_at\": \"2026-01-01T12:15:00Z\"}"));
    }

    @Test
    void the_worker_decides_what_the_entry_leaves_open_and_uniqueness_holds() {
        JobDefaults defaults = new JobDefaults("reports", 3, 7, List.of("t"), Unique.within(Duration.ofHours(2)), null);
        WorkerDefinition worker =
                worker("Report", defaults, new CronLine("a", "0 * * * *", "", "{\"id\": 7}", "{}", ""));
        CronNode node = new CronNode(schema, "2026-01-01T11:59:00Z", List.of(worker));
        node.turn();

        at(node, "12:00");
        at(node, "13:00");
        at(node, "14:00:01");

        assertThat(jobs.query(
                        "SELECT concat_ws(' ', worker, queue, max_attempts, priority, tags, args, meta ->> 'cron_at')"
                                + " FROM ${schema}.oban_jobs ORDER BY id"))
                .containsExactly(
                        "Report reports 3 7 {t} {\"id\": 7} 2026-01-01T12:00:00Z",
                        "Report reports 3 7 {t} {\"id\": 7} 2026-01-01T14:00:00Z");
        assertThat(row("a")).isEqualTo("0 * * * * Etc/UTC 2026-01-01 14:00:00");
    }

    @Test
    void between_two_times_nothing_is_asked_of_the_database() {
        CronNode node = node("12:00:01", HOURLY);
        node.turn();
        int before = node.statements();

        for (int minute = 1; minute < 60; minute++) {
            at(node, "12:%02d".formatted(minute));
        }
        assertThat(node.statements()).isEqualTo(before);

        at(node, "13:00");
        assertThat(node.statements()).isGreaterThan(before);
    }

    @Test
    void without_entries_it_does_not_even_begin() {
        CronNode node = node("12:00");

        node.crontab.start(timer);

        assertThat(node.crontab.isEnabled()).isFalse();
        assertThat(node.statements()).isZero();
        assertThat(node.crontab.crontab()).isEmpty();
    }

    @Test
    void it_runs_by_itself_from_start_to_stop_where_it_leads() {
        CronNode node = node("11:59:59", HOURLY);
        node.crontab.start(timer);
        await().until(() -> row("a") != null);
        node.clock.set(Instant.parse("2026-01-01T12:00:00Z"));
        await().until(() -> fired("a").equals(List.of("12:00")));
        assertThat(node.crontab.loop().name()).isEqualTo("The crontab");
        assertThat(node.crontab.loop().turning()).isTrue();

        node.crontab.stop();

        assertThat(node.crontab.isEnabled()).isTrue();
    }

    @Test
    void an_entry_seen_for_the_first_time_starts_from_now() {
        CronNode node = node("12:00:00.5", HOURLY);

        node.turn();

        assertThat(fired("a")).isEmpty();
        assertThat(row("a")).isEqualTo("0 * * * * Etc/UTC 2026-01-01 12:00:00.5");
    }

    @Test
    void a_changed_expression_or_zone_starts_from_now_and_never_earlier() {
        at(node("09:00", HOURLY), "10:00");

        CronNode changed = node("12:00:30", entry("a", "30 * * * *"));
        changed.turn();
        assertThat(fired("a")).isEmpty();
        at(changed, "12:30");
        assertThat(fired("a")).containsExactly("12:30");

        CronNode behind = node("12:29:59", entry("a", "30 * * * *", "timezone", "Europe/Berlin"));
        behind.turn();
        assertThat(row("a")).isEqualTo("30 * * * * Europe/Berlin 2026-01-01 12:30:00");
        at(behind, "12:30");
        assertThat(fired("a")).containsExactly("12:30");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            skip   |
            once   | 11:00
            all(2) | 10:00 11:00
            all(9) | 07:00 08:00 09:00 10:00 11:00
            """)
    void a_time_that_was_missed_is_handled_as_the_entry_says(String catchUp, String madeUp) {
        begin("06:30", HOURLY);
        CronNode node = node("11:30", entry("a", "0 * * * *", "catch-up", catchUp));

        node.turn();

        assertThat(fired("a")).containsExactlyElementsOf(madeUp == null ? List.of() : List.of(madeUp.split(" ")));
        assertThat(row("a")).isEqualTo("0 * * * * Etc/UTC 2026-01-01 11:00:00");
        at(node, "12:00:01");
        assertThat(fired("a")).endsWith("12:00");
    }

    @Test
    void what_was_passed_over_is_not_made_up_for_later_by_another_rule() {
        begin("06:30", HOURLY);
        node("11:30", entry("a", "0 * * * *", "catch-up", "skip")).turn();

        node("11:31", entry("a", "0 * * * *", "catch-up", "all(1000)")).turn();

        assertThat(fired("a")).isEmpty();
    }

    @Test
    void what_is_older_than_the_memory_is_not_made_up_for() {
        begin("06:30", HOURLY);
        String[] entry = entry("a", "0 * * * *", "catch-up", "all(9)");

        node("11:30", and(entry, "kerrera.cron.catch-up-within", "90m")).turn();

        assertThat(fired("a")).containsExactly("10:00", "11:00");
    }

    @Test
    void a_missed_time_is_told_in_the_log() {
        begin("06:30", HOURLY);
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            node("11:30", HOURLY).turn();

            assertThat(log.messages(Level.INFO))
                    .containsExactly("Cron entry a missed its times after 2026-01-01T06:30:00Z, the latest at"
                            + " 2026-01-01T11:00:00Z; at most 1 are made up for");
        }
    }

    @Test
    void an_entry_that_fails_hurts_no_other_and_is_tried_again() {
        String[] keys = {
            "kerrera.cron.entries.a.expression", "0 * * * *",
            "kerrera.cron.entries.a.worker", "A",
            "kerrera.cron.entries.a.queue", "far",
            "kerrera.cron.entries.b.expression", "0 * * * *",
            "kerrera.cron.entries.b.worker", "B",
            "kerrera.cron.entries.b.queue", "far"
        };
        CronNode node = node("11:59", keys);
        node.turn();
        jobs.run("CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN RAISE EXCEPTION ''no A today''; END'");
        jobs.run("CREATE TRIGGER refuse BEFORE INSERT ON ${schema}.oban_jobs FOR EACH ROW WHEN (new.worker = 'A')"
                + " EXECUTE FUNCTION ${schema}.refuse()");
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            at(node, "12:00");
            at(node, "12:00:01");
            assertThat(fired("a")).isEmpty();
            assertThat(fired("b")).containsExactly("12:00");
            assertThat(log.messages(Level.WARNING)).containsExactly("Cron entry a failed and is tried again at once");

            jobs.run("DROP FUNCTION ${schema}.refuse CASCADE");
            at(node, "12:00:02");
            assertThat(fired("a")).containsExactly("12:00");
            assertThat(fired("b")).containsExactly("12:00");
            assertThat(log.messages(Level.INFO)).containsExactly("Cron entry a works again");
        } finally {
            jobs.run("DROP FUNCTION IF EXISTS ${schema}.refuse CASCADE");
        }
    }

    @Test
    void reboot_fires_once_in_each_process_that_comes_to_lead() {
        CronNode first = node("12:00", entry("a", "@reboot"));
        first.leading = false;
        first.turn();
        assertThat(jobs.count("TRUE")).isZero();

        first.leading = true;
        first.tapped.fail("INSERT INTO " + quoted() + ".oban_jobs", 1);
        first.turn();
        assertThat(jobs.count("TRUE")).isZero();
        at(first, "12:00:01");
        at(first, "12:00:02");
        at(first, "13:00");
        assertThat(fired("a")).containsExactly("12:00");

        node("14:00", entry("a", "@reboot")).turn();
        assertThat(fired("a")).containsExactly("12:00", "14:00");
        assertThat(row("a")).isNull();
    }

    @Test
    void a_clock_that_goes_back_fires_nothing_twice_and_says_when_an_entry_is_silent() {
        CronNode node = node("11:59", HOURLY);
        node.turn();
        at(node, "12:00");
        at(node, "11:59:30");
        at(node, "12:00:10");
        assertThat(fired("a")).containsExactly("12:00");

        at(node, "20:00:30");
        assertThat(fired("a")).containsExactly("12:00", "19:00", "20:00");
        try (CapturedLog log = CapturedLog.of(Crontab.class)) {
            at(node, "12:30");
            at(node, "13:00");
            at(node, "14:00");
            assertThat(fired("a")).containsExactly("12:00", "19:00", "20:00");
            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("Cron entry a has come as far as 2026-01-01T20:00:00Z, which is not yet");

            jobs.run("DELETE FROM ${schema}.kerrera_crons");
            at(node, "15:00");
            at(node, "16:00");
            assertThat(fired("a")).containsExactly("12:00", "15:00", "16:00", "19:00", "20:00");
        }
    }

    @Test
    void who_leads_again_looks_at_once() {
        CronNode node = node("12:00:01", HOURLY);
        node.turn();
        node.crontab.start(timer);
        node.leading = false;
        int before = node.statements();
        node.clock.set(Instant.parse("2026-01-01T12:00:02Z"));
        jobs.run("DELETE FROM ${schema}.kerrera_crons");

        await().until(() -> node.crontab.loop().age().toMillis() < 500);
        await().pollDelay(Duration.ofMillis(1500)).until(() -> node.statements() == before);
        node.leading = true;

        await().until(() -> row("a") != null);
    }

    @Test
    void instances_of_other_names_have_crontabs_of_their_own() {
        CronNode one = node("11:59", HOURLY);
        CronNode other = node("11:59", and(HOURLY, "kerrera.name", "Other"));
        one.turn();
        other.turn();

        at(one, "12:00");
        at(other, "12:00");

        assertThat(fired("a")).containsExactly("12:00", "12:00");
        assertThat(jobs.query("SELECT name FROM ${schema}.kerrera_crons ORDER BY 1"))
                .containsExactly("Kerrera", "Other");
    }

    private void begin(String now, String... entry) {
        node(now, entry).turn();
    }

    private CronNode node(String now, String... keysAndValues) {
        return new CronNode(schema, instant(now).toString(), List.of(), keysAndValues);
    }

    private static void at(CronNode node, String now) {
        node.clock.set(instant(now));
        node.turn();
    }

    private static Instant instant(String time) {
        return Instant.parse("2026-01-01T" + time + (time.length() == 5 ? ":00Z" : "Z"));
    }

    private static String[] entry(String name, String expression, String... more) {
        String[] keys = new String[6 + more.length];
        String root = "kerrera.cron.entries." + name + ".";
        List<String> fixed = List.of("expression", expression, "worker", "Elsewhere", "queue", "far");
        for (int i = 0; i < keys.length; i++) {
            String text = i < 6 ? fixed.get(i) : more[i - 6];
            keys[i] = i % 2 == 0 ? root + text : text;
        }
        return keys;
    }

    private static String[] and(String[] keysAndValues, String key, String value) {
        return Stream.concat(Stream.of(keysAndValues), Stream.of(key, value)).toArray(String[]::new);
    }

    private static WorkerDefinition worker(String name, JobDefaults defaults, CronLine... crons) {
        return new WorkerDefinition(
                name,
                Object.class,
                Object.class,
                defaults,
                Execution.PLAIN,
                Decisions.of(Worker.class),
                List.of(crons),
                () -> new WorkerInstance((args, job) -> Outcome.ok(), () -> {}));
    }

    private List<String> fired(String entry) {
        return jobs.query(
                "SELECT substr(meta ->> 'cron_at', 12, 5) FROM ${schema}.oban_jobs WHERE meta ->> 'cron_name' = '"
                        + entry + "' ORDER BY 1");
    }

    private String row(String entry) {
        return jobs
                .query(
                        "SELECT concat_ws(' ', expression, timezone, last_at) FROM ${schema}.kerrera_crons WHERE entry = '"
                                + entry + "'")
                .stream()
                .findFirst()
                .orElse(null);
    }

    private String quoted() {
        return '"' + schema.name() + '"';
    }
}
