package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobJson;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.CronLine;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronEntriesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Map<String, List<CronLine>> workers = new LinkedHashMap<>();
    private final List<String> keys = new ArrayList<>();

    CronEntriesTest() {
        workers.put("Report", new ArrayList<>());
        workers.put("Sweep", new ArrayList<>());
    }

    @Test
    void an_annotation_makes_an_entry_that_leaves_open_what_the_worker_decides() {
        annotate("Report", line("morning", "0 6 * * *", "Europe/Berlin", "{\"id\": 7}", "{\"a\": 1}", "all(3)"));

        CronEntry entry = only();

        assertThat(entry.name()).isEqualTo("morning");
        assertThat(entry.schedule().expression().text()).isEqualTo("0 6 * * *");
        assertThat(entry.schedule().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(entry.catchUp().most()).isEqualTo(3);
        assertThat(entry.triple())
                .isEqualTo(JobJson.object(
                                "{\"x\": [\"0 6 * * *\", \"Report\", {\"args\": {\"id\": 7}, \"meta\": {\"a\": 1},"
                                        + " \"timezone\": \"Europe/Berlin\"}]}")
                        .getJsonArray("x"));
    }

    @Test
    void what_an_annotation_does_not_say_is_as_configured() {
        set("kerrera.cron.timezone", "Asia/Kathmandu");
        set("kerrera.cron.catch-up", "skip");
        annotate("Report", line("morning", "0 6 * * *", "", "{}", "{}", ""));

        CronEntry entry = only();

        assertThat(entry.schedule().zone()).isEqualTo(ZoneId.of("Asia/Kathmandu"));
        assertThat(entry.catchUp().most()).isZero();
        assertThat(entry.triple().getJsonObject(2)).isEmpty();
    }

    @Test
    void configuration_makes_an_entry_with_options_of_its_own() {
        set("kerrera.cron.entries.night.expression", "@midnight");
        set("kerrera.cron.entries.night.worker", "Elixir.MyApp.Mailer");
        set("kerrera.cron.entries.night.args", "{\"id\": 1.50}");
        set("kerrera.cron.entries.night.queue", "elixir");
        set("kerrera.cron.entries.night.timezone", "America/Sao_Paulo");
        set("kerrera.cron.entries.night.catch-up", "once");
        set("kerrera.cron.entries.night.max-attempts", "3");
        set("kerrera.cron.entries.night.priority", "9");
        set("kerrera.cron.entries.night.tags", "A, b ");

        JobDraft job = job(only());

        assertThat(job.worker()).isEqualTo("MyApp.Mailer");
        assertThat(job.argsJson()).isEqualTo("{\"id\":1.50}");
        assertThat(job.queue()).isEqualTo("elixir");
        assertThat(job.maxAttempts()).isEqualTo(3);
        assertThat(job.priority()).isEqualTo(9);
        assertThat(job.tags()).containsExactly("a", "b");
        assertThat(only().triple())
                .hasToString(
                        "[\"@midnight\",\"MyApp.Mailer\",{\"args\":{\"id\":1.50},\"queue\":\"elixir\",\"max_attempts\":3,"
                                + "\"priority\":9,\"tags\":[\"A\",\"b\"],\"timezone\":\"America/Sao_Paulo\"}]");
    }

    @Test
    void the_metadata_of_a_job_tells_which_entry_made_it_and_for_when() {
        annotate(
                "Report",
                line("noon", "0 12 * * *", "Europe/Berlin", "{}", "{\"cron\": false, \"cron_at\": 1, \"k\": [2]}", ""));

        JsonObject meta = JobJson.object(job(only()).metaJson());

        assertThat(meta)
                .isEqualTo(JobJson.object(
                        "{\"k\": [2], \"cron\": true, \"cron_expr\": \"0 12 * * *\", \"cron_name\": \"noon\","
                                + " \"cron_tz\": \"Europe/Berlin\", \"cron_at\": \"2026-01-01T12:00:00Z\"}"));
    }

    @Test
    void configuration_changes_an_annotated_entry_part_by_part() {
        annotate("Report", line("morning", "0 6 * * *", "Europe/Berlin", "{\"id\": 7}", "{}", "skip"));
        set("kerrera.cron.entries.morning.expression", "0 7 * * *");
        set("kerrera.cron.entries.morning.priority", "2");

        CronEntry entry = only();

        assertThat(entry.schedule().expression().text()).isEqualTo("0 7 * * *");
        assertThat(entry.schedule().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(entry.catchUp().most()).isZero();
        assertThat(job(entry).priority()).isEqualTo(2);
        assertThat(job(entry).argsJson()).isEqualTo("{\"id\":7}");
        assertThat(job(entry).worker()).isEqualTo("Report");
    }

    @Test
    void an_entry_that_is_switched_off_is_none_wherever_it_was_declared() {
        annotate("Report", line("morning", "0 6 * * *"));
        set("kerrera.cron.entries.morning.enabled", "false");
        set("kerrera.cron.entries.night.enabled", "false");
        set("kerrera.cron.entries.night.expression", "0 0 * * *");
        set("kerrera.cron.entries.night.worker", "Unknown");

        assertThat(entries().entries()).isEmpty();
        assertThat(entries().problems()).isEmpty();
    }

    @Test
    void a_crontab_that_is_switched_off_is_not_even_judged() {
        annotate("Report", line("morning", "no expression"));
        set("kerrera.cron.enabled", "false");

        assertThat(entries().entries()).isEmpty();
        assertThat(entries().problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            expression | 0 24 * * * | kerrera.cron.entries.a has the expression '0 24 * * *': the hour '24' is wrong: 24 is out of range: values are 0 to 23
            timezone   | Berlin     | kerrera.cron.entries.a has the timezone 'Berlin': it must be a time zone such as Etc/UTC or Europe/Berlin
            catch-up   | twice      | kerrera.cron.entries.a has the catch-up 'twice': it must be skip, once, or all(n) with n from 1 to 1000
            args       | [7]        | kerrera.cron.entries.a has the args '[7]': they must be a JSON object such as {"id": 7} (must be a JSON object, is of type ARRAY)
            args       | {id: 7     | kerrera.cron.entries.a has the args '{id: 7': they must be a JSON object such as {"id": 7} (malformed JSON
            meta       | true       | kerrera.cron.entries.a has the meta 'true': they must be a JSON object
            worker     | Repost     | kerrera.cron.entries.a names the worker 'Repost', which this application does not have: did you mean Report? Otherwise name one of [Report, Sweep], or the queue of the nodes that have it
            worker     | Elixir.    | kerrera.cron.entries.a names no worker: name one of [Report, Sweep]
            priority   | 10         | kerrera.cron.entries.a makes jobs whose priority must be 0 to 9, was 10
            """)
    void a_mistake_is_told_with_its_entry_and_the_remedy(String key, String value, String problem) {
        set("kerrera.cron.entries.a.expression", "0 0 * * *");
        set("kerrera.cron.entries.a.worker", "Report");
        set("kerrera.cron.entries.a." + key, value);

        assertThat(entries().problems()).singleElement().asString().startsWith(problem);
        assertThat(entries().entries()).isEmpty();
    }

    @Test
    void all_mistakes_are_told_at_once() {
        annotate("Report", line("same", "0 24 * * *", "Mars", "7", "{}", "never"));
        annotate("Sweep", line("same", "0 0 * * *"));
        annotate("Sweep", line("$own", "0 0 * * *"));
        annotate("Sweep", line("x".repeat(128), "0 0 * * *"));
        set("kerrera.cron.entries.no-worker.expression", "x");
        set("kerrera.cron.entries.sam.priority", "1");
        set("kerrera.cron.entries.lonely.tags", "a");

        assertThat(entries().problems())
                .anyMatch(problem -> problem.startsWith("@Cron(\"0 24 * * *\") of Report has the expression"))
                .anyMatch(problem -> problem.startsWith("@Cron(\"0 24 * * *\") of Report has the timezone 'Mars'"))
                .anyMatch(problem -> problem.startsWith("@Cron(\"0 24 * * *\") of Report has the args '7'"))
                .anyMatch(problem -> problem.startsWith("@Cron(\"0 24 * * *\") of Report has the catch-up 'never'"))
                .contains(
                        "@Cron(\"0 24 * * *\") of Report and @Cron(\"0 0 * * *\") of Sweep are both named 'same': give each"
                                + " @Cron a name of its own")
                .anyMatch(
                        problem -> problem.contains("has the name '$own': a cron entry's name has 1 to 127 characters"))
                .anyMatch(problem -> problem.contains("has the name 'xxx"))
                .anyMatch(problem -> problem.startsWith("kerrera.cron.entries.no-worker has the expression 'x'"))
                .contains("kerrera.cron.entries.no-worker names no worker: name one of [Report, Sweep]")
                .anyMatch(problem -> problem.startsWith("kerrera.cron.entries.sam has no expression")
                        && problem.endsWith("did you mean same?"))
                .contains("kerrera.cron.entries.lonely has no expression, and no @Cron has that name: give it one")
                .hasSize(11);
    }

    @Test
    void a_job_that_could_not_be_stored_is_refused() {
        annotate("Report", line("nul\0", "0 0 * * *"));

        assertThat(entries().problems()).singleElement().asString().contains("makes jobs whose meta must");
    }

    private void annotate(String worker, CronLine line) {
        workers.get(worker).add(line);
    }

    private void set(String key, String value) {
        keys.add(key);
        keys.add(value);
    }

    private CronEntries entries() {
        return CronEntries.of(
                TestSettings.of("public", keys.toArray(String[]::new)).cron(), workers);
    }

    private CronEntry only() {
        assertThat(entries().problems()).isEmpty();
        assertThat(entries().entries()).hasSize(1);
        return entries().entries().get(0);
    }

    private static JobDraft job(CronEntry entry) {
        return entry.jobAt(NOON).resolve(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private static CronLine line(String name, String expression) {
        return line(name, expression, "", "{}", "{}", "");
    }

    private static CronLine line(
            String name, String expression, String timezone, String args, String meta, String catchUp) {
        return new CronLine(name, expression, timezone, args, meta, catchUp);
    }
}
