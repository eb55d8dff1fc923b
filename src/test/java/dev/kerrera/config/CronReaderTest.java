package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronReaderTest {

    private final Map<String, String> file = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    @Test
    void an_entry_is_made_of_any_of_its_keys_and_says_nothing_else() {
        file.put("kerrera.cron.entries.nightly.enabled", "false");

        CronEntrySettings entry = read().cron().entries().get(0);

        assertThat(entry.name()).isEqualTo("nightly");
        assertThat(entry.enabled()).isFalse();
        assertThat(entry.expression()).isEmpty();
        assertThat(entry.maxAttempts()).isEmpty();
        assertThat(entry.tags()).isEmpty();
    }

    @Test
    void a_name_may_hold_dots_dashes_and_capitals() {
        file.put("kerrera.cron.entries.a.b.expression", "1");
        file.put("kerrera.cron.entries.My-Job.catch-up", "skip");
        file.put("kerrera.cron.entries.max-attempts.max-attempts", "3");

        assertThat(read().cron().entries())
                .extracting(CronEntrySettings::name)
                .containsExactlyInAnyOrder("a.b", "My-Job", "max-attempts");
    }

    @Test
    void variables_alone_declare_an_entry() {
        variables.put("KERRERA_CRON_ENTRIES_NIGHTLY_EXPRESSION", "@daily");
        variables.put("KERRERA_CRON_ENTRIES_NIGHTLY_MAX_ATTEMPTS", "3");
        variables.put("KERRERA_CRON_ENTRIES_NIGHTLY_CATCH_UP", "skip");

        CronEntrySettings entry = onlyEntry();

        assertThat(entry.name()).isEqualTo("nightly");
        assertThat(entry.expression()).contains("@daily");
        assertThat(entry.maxAttempts()).contains(3);
        assertThat(entry.catchUp()).contains("skip");
    }

    @Test
    void a_variable_changes_the_entry_of_a_file_whose_name_it_cannot_spell() {
        file.put("kerrera.cron.entries.My-Job.expression", "@daily");
        file.put("kerrera.cron.entries.My-Job.worker", "A");
        variables.put("KERRERA_CRON_ENTRIES_MY_JOB_EXPRESSION", "@hourly");
        variables.put("KERRERA_CRON_ENTRIES_MY_JOB_MAX_ATTEMPTS", "3");

        CronEntrySettings entry = onlyEntry();

        assertThat(entry.name()).isEqualTo("My-Job");
        assertThat(entry.expression()).contains("@hourly");
        assertThat(entry.worker()).contains("A");
        assertThat(entry.maxAttempts()).contains(3);
    }

    @Test
    void a_guessed_name_means_every_name_the_variable_could_mean_and_a_spelled_one_means_itself() {
        variables.put("KERRERA_CRON_ENTRIES_MY_JOB_ENABLED", "false");
        assertThat(onlyEntry().means("my-job")).isTrue();
        assertThat(onlyEntry().means("My_Job")).isTrue();
        assertThat(onlyEntry().means("my-jobs")).isFalse();

        variables.clear();
        file.put("kerrera.cron.entries.my.job.enabled", "false");
        assertThat(onlyEntry().means("my.job")).isTrue();
        assertThat(onlyEntry().means("my-job")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kerrera.cron.entries.nightly.expresion  | did you mean kerrera.cron.entries.nightly.expression?
            kerrera.cron.entries.nightly.maxattempts| did you mean kerrera.cron.entries.nightly.max-attempts?
            kerrera.cron.entry.nightly.worker       | see the configuration reference
            kerrera.cron.time-zone                  | did you mean kerrera.cron.timezone?
            kerrera.queues.some-long-name.limits    | did you mean kerrera.queues.some-long-name.limit?
            kerrera.reindexer.index                 | did you mean kerrera.reindexer.indexes?
            """)
    void an_unknown_key_is_refused_with_the_nearest_one(String key, String hint) {
        file.put(key, "1");

        assertThat(problems()).singleElement().asString().startsWith(key).contains(hint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kerrera.cron.enabled                   | 1             | must be true or false
            kerrera.cron.timezone                  | Europe/Berlon | must be a time zone such as Etc/UTC or Europe/Berlin (did you mean Europe/Berlin?)
            kerrera.cron.timezone                  | +02:00        | must be a time zone such as Etc/UTC or Europe/Berlin
            kerrera.cron.catch-up                  | all           | must be skip, once, or all(n) with n from 1 to 1000
            kerrera.cron.catch-up-within           | 7             | must be a duration such as 500ms, 10s, 5m or PT10S
            kerrera.cron.entries.a.enabled         | off           | must be true or false
            kerrera.cron.entries.a.max-attempts    | 0             | must be a whole number of at least 1
            kerrera.cron.entries.a.priority        | high          | must be a whole number of at least 0
            kerrera.reindexer.enabled              | on            | must be true or false
            kerrera.reindexer.timezone             | Mars          | must be a time zone such as Etc/UTC or Europe/Berlin
            kerrera.reindexer.timeout              | 0s            | must be at least 10 ms
            """)
    void a_bad_value_is_told_with_its_key_its_value_and_the_remedy(String key, String value, String remedy) {
        file.put(key, value);

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith(key + " " + remedy)
                .endsWith("was '" + value + "'");
    }

    @Test
    void an_index_has_a_name_that_postgresql_can_hold() {
        file.put("kerrera.reindexer.indexes", "x".repeat(63) + "," + "ä".repeat(32));

        assertThat(problems()).singleElement().asString().contains("of at most 63 bytes each, was 'ää");
    }

    @ParameterizedTest
    @CsvSource({"skip, 0", "once, 1", "all(1), 1", "all(7), 7", "all(999), 999", "all(1000), 1000"})
    void a_catch_up_is_a_number_of_times(String text, int most) {
        assertThat(CatchUp.parse(text)).contains(new CatchUp(most));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Skip", "all", "all()", "all(0)", "all(01)", "all(1001)", "all(-1)", "all(1) ", "all( 1)"})
    void anything_else_is_no_catch_up(String text) {
        assertThat(CatchUp.parse(text)).isEmpty();
    }

    private CronEntrySettings onlyEntry() {
        List<CronEntrySettings> entries = read().cron().entries();
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    private List<String> problems() {
        return catchThrowableOfType(ConfigurationException.class, this::read).problems();
    }

    /** As MicroProfile Config has it: a variable goes before a file, and a name is guessed for each. */
    private Settings read() {
        Set<String> names = new LinkedHashSet<>(file.keySet());
        variables.keySet().forEach(variable -> names.add(variable.toLowerCase().replace('_', '.')));
        return new SettingsReader(
                        name -> Optional.ofNullable(variables.get(SettingsReader.variable(name)))
                                .or(() -> Optional.ofNullable(file.get(name))),
                        names,
                        name -> variables.containsKey(SettingsReader.variable(name)),
                        "here")
                .read();
    }
}
