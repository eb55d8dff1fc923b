package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private final Map<String, String> properties = new LinkedHashMap<>();
    private Set<String> guessed = Set.of();
    private String host = "web-1";

    @Nested
    class Defaults {

        @Test
        void an_empty_configuration_is_complete() {
            Settings settings = read();

            assertThat(settings)
                    .isEqualTo(new Settings(
                            true,
                            "Kerrera",
                            "web-1",
                            new Prefix("public"),
                            "jdbc/kerrera",
                            new MigrationSettings(true, true, true),
                            Map.of("default", new QueueSettings("default", 10)),
                            Duration.ZERO,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(15),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(10),
                            new ResultSettings(false, true),
                            new NotifierSettings(
                                    NotifierSettings.Mode.LISTEN,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    false,
                                    Duration.ofMillis(5)),
                            new PeerSettings(true, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                            new PrunerSettings(
                                    true,
                                    Duration.ofSeconds(30),
                                    10_000,
                                    Duration.ofDays(1),
                                    Duration.ofDays(7),
                                    Duration.ofDays(7)),
                            new StagerSettings(Duration.ofSeconds(1), 5000),
                            new LifelineSettings(
                                    Duration.ofSeconds(10), Duration.ofSeconds(45), Duration.ofHours(1), 3),
                            new MetSettings(MetSettings.Mode.AUTO),
                            new CronSettings(true, ZoneId.of("Etc/UTC"), new CatchUp(1), Duration.ofDays(7), List.of()),
                            new ReindexerSettings(
                                    false,
                                    "@midnight",
                                    ZoneId.of("Etc/UTC"),
                                    Duration.ofSeconds(15),
                                    List.of("oban_jobs_args_index", "oban_jobs_meta_index"))));
        }

        @Test
        void a_blank_value_counts_as_none() {
            set("kerrera.name", "   ");
            set("kerrera.queues", "");
            set("kerrera.notifier.password", " ");

            assertThat(read().name()).isEqualTo("Kerrera");
            assertThat(read().queues()).containsOnlyKeys("default");
            assertThat(read().notifier().password()).isEmpty();
        }

        @Test
        void messages_for_one_node_are_addressed_by_name_and_node() {
            assertThat(read().ident()).isEqualTo("Kerrera.web-1");
        }
    }

    @Test
    void every_key_is_read() {
        set("kerrera.enabled", "false");
        set("kerrera.name", "Oban");
        set("kerrera.node", "java-1");
        set("kerrera.prefix", "jobs");
        set("kerrera.datasource", "jdbc/other");
        set("kerrera.migrate", "FALSE");
        set("kerrera.migrate.table-settings", "false");
        set("kerrera.migrate.gin-indexes", "false");
        set("kerrera.jobs.delete-completed", "true");
        set("kerrera.jobs.durable-results", "false");
        set("kerrera.queues", "mail:5");
        set("kerrera.queues.push.limit", "2");
        set("kerrera.poll-interval", "2s");
        set("kerrera.shutdown-grace-period", "0s");
        set("kerrera.notifier.mode", "poll");
        set("kerrera.notifier.url", "jdbc:postgresql://db/jobs");
        set("kerrera.notifier.user", "listener");
        set("kerrera.notifier.password", "s3cret");
        set("kerrera.notifier.transactional", "true");
        set("kerrera.notifier.debounce", "20ms");
        set("kerrera.stager.interval", "PT3S");
        set("kerrera.stager.limit", "1");
        set("kerrera.interrupt-grace-period", "4s");
        set("kerrera.peer.enabled", "false");
        set("kerrera.peer.interval", "2s");
        set("kerrera.peer.lease", "9s");
        set("kerrera.pruner.enabled", "false");
        set("kerrera.pruner.interval", "6s");
        set("kerrera.pruner.limit", "7");
        set("kerrera.pruner.completed-after", "1h");
        set("kerrera.pruner.cancelled-after", "2h");
        set("kerrera.pruner.discarded-after", "3h");
        set("kerrera.lifeline.interval", "5s");
        set("kerrera.lifeline.rescue-after", "11s");
        set("kerrera.lifeline.rescue-unknown-after", "2h");
        set("kerrera.lifeline.max-deaths", "2");
        set("kerrera.met.mode", "off");
        set("kerrera.stop-window", "50s");
        set("kerrera.dispatch-cooldown", "3ms");
        set("kerrera.queues.mail.paused", "true");
        set("kerrera.queues.mail.dispatch-cooldown", "8ms");
        set("kerrera.cron.enabled", "false");
        set("kerrera.cron.timezone", "Europe/Berlin");
        set("kerrera.cron.catch-up", "all(3)");
        set("kerrera.cron.catch-up-within", "2d");
        set("kerrera.cron.entries.nightly.expression", "0 3 * * *");
        set("kerrera.cron.entries.nightly.worker", "Report");
        set("kerrera.cron.entries.nightly.args", "{}");
        set("kerrera.cron.entries.nightly.meta", "{\"a\": 1}");
        set("kerrera.cron.entries.nightly.queue", "reports");
        set("kerrera.cron.entries.nightly.timezone", "Asia/Kathmandu");
        set("kerrera.cron.entries.nightly.catch-up", "skip");
        set("kerrera.cron.entries.nightly.max-attempts", "4");
        set("kerrera.cron.entries.nightly.priority", "5");
        set("kerrera.cron.entries.nightly.tags", "a, b");
        set("kerrera.cron.entries.nightly.enabled", "false");
        set("kerrera.reindexer.enabled", "true");
        set("kerrera.reindexer.schedule", "0 4 * * SUN");
        set("kerrera.reindexer.timezone", "America/Sao_Paulo");
        set("kerrera.reindexer.timeout", "1m");
        set("kerrera.reindexer.indexes", "one, Two");

        assertThat(properties).as("all keys but the two of InstancesReader").hasSize(Key.values().length - 2);
        assertThat(read())
                .isEqualTo(new Settings(
                        false,
                        "Oban",
                        "java-1",
                        new Prefix("jobs"),
                        "jdbc/other",
                        new MigrationSettings(false, false, false),
                        Map.of(
                                "mail",
                                new QueueSettings("mail", 5, true, Duration.ofMillis(8)),
                                "push",
                                new QueueSettings("push", 2, false, Duration.ofMillis(3))),
                        Duration.ofMillis(3),
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Duration.ofSeconds(50),
                        Duration.ofSeconds(4),
                        new ResultSettings(true, false),
                        new NotifierSettings(
                                NotifierSettings.Mode.POLL,
                                Optional.of("jdbc:postgresql://db/jobs"),
                                Optional.of("listener"),
                                Optional.of("s3cret"),
                                true,
                                Duration.ofMillis(20)),
                        new PeerSettings(false, Duration.ofSeconds(2), Duration.ofSeconds(9)),
                        new PrunerSettings(
                                false,
                                Duration.ofSeconds(6),
                                7,
                                Duration.ofHours(1),
                                Duration.ofHours(2),
                                Duration.ofHours(3)),
                        new StagerSettings(Duration.ofSeconds(3), 1),
                        new LifelineSettings(Duration.ofSeconds(5), Duration.ofSeconds(11), Duration.ofHours(2), 2),
                        new MetSettings(MetSettings.Mode.OFF),
                        new CronSettings(
                                false,
                                ZoneId.of("Europe/Berlin"),
                                new CatchUp(3),
                                Duration.ofDays(2),
                                List.of(new CronEntrySettings(
                                        "nightly",
                                        false,
                                        false,
                                        Optional.of("0 3 * * *"),
                                        Optional.of("Report"),
                                        Optional.of("{}"),
                                        Optional.of("{\"a\": 1}"),
                                        Optional.of("reports"),
                                        Optional.of("Asia/Kathmandu"),
                                        Optional.of("skip"),
                                        Optional.of(4),
                                        Optional.of(5),
                                        Optional.of(List.of("a", "b"))))),
                        new ReindexerSettings(
                                true,
                                "0 4 * * SUN",
                                ZoneId.of("America/Sao_Paulo"),
                                Duration.ofMinutes(1),
                                List.of("one", "Two"))));
    }

    @Test
    void the_password_is_never_printed() {
        set("kerrera.notifier.url", "jdbc:postgresql://db/jobs?password=s3cret");
        set("kerrera.notifier.user", "listener");
        set("kerrera.notifier.password", "s3cret");

        assertThat(read().toString()).contains("listener").doesNotContain("s3cret");
    }

    @Test
    void the_password_is_not_in_the_list_of_problems() {
        set("kerrera.notifier.password", "s3cret");
        set("kerrera.stager.limit", "none");

        assertThat(problems()).hasSize(1).noneMatch(problem -> problem.contains("s3cret"));
    }

    @Nested
    class QueueLimits {

        @Test
        void the_line_lists_queues() {
            set("kerrera.queues", " default : 10 , mail:5,");

            assertThat(limits()).containsExactly(Map.entry("default", 10), Map.entry("mail", 5));
        }

        @Test
        void a_key_of_its_own_declares_a_queue_and_then_there_is_no_default_one() {
            set("kerrera.queues.mail.limit", "5");

            assertThat(limits()).containsExactly(Map.entry("mail", 5));
        }

        @Test
        void a_key_of_its_own_goes_before_the_line() {
            set("kerrera.queues.mail.limit", "50");
            set("kerrera.queues", "mail:5,push:1");

            assertThat(limits()).containsOnly(Map.entry("mail", 50), Map.entry("push", 1));
        }

        @Test
        void queues_keep_their_configured_order() {
            String line = "";
            for (int queue = 20; queue > 0; queue--) {
                line += "queue" + queue + ":1,";
            }
            set("kerrera.queues", line);
            set("kerrera.queues.last.limit", "1");
            set("kerrera.queues.queue1.limit", "2");

            assertThat(limits().keySet())
                    .startsWith("queue20", "queue19", "queue18", "queue17")
                    .endsWith("queue2", "queue1", "last");
        }

        @Test
        void a_name_may_hold_dots_colons_and_dashes() {
            set("kerrera.queues", "a:b:3,c.d:4,e-f:5");
            set("kerrera.queues.g.h.limit", "6");

            assertThat(limits())
                    .containsOnly(Map.entry("a:b", 3), Map.entry("c.d", 4), Map.entry("e-f", 5), Map.entry("g.h", 6));
        }

        @Test
        void limit_0_declares_a_queue_that_others_work() {
            set("kerrera.queues", "mail:0,push:1");

            assertThat(read().queues().get("mail").worked()).isFalse();
            assertThat(read().queues().get("push").worked()).isTrue();
        }

        @Test
        void the_longest_name_has_127_characters() {
            set("kerrera.queues", "x".repeat(127) + ":1," + "😀".repeat(127) + ":1");
            assertThat(limits()).hasSize(2);

            set("kerrera.queues", "x".repeat(128) + ":1");
            assertThat(problems()).singleElement().asString().contains("must name a queue of 1 to 127 characters");
        }

        @ParameterizedTest
        @ValueSource(strings = {"mail", ":5", "default:10,,mail:5", "5"})
        void a_line_without_pairs_is_refused(String line) {
            set("kerrera.queues", line);

            assertThat(problems())
                    .singleElement()
                    .asString()
                    .startsWith("kerrera.queues must list name:limit pairs such as default:10,mail:5, was '");
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "-1", "1.5", "", "99999999999", "5 jobs", "0x5"})
        void a_limit_that_is_no_number_is_refused_with_its_queue(String limit) {
            set("kerrera.queues", "default:10,mail:" + limit);

            assertThat(problems())
                    .containsExactly("kerrera.queues: the limit of mail must be a whole number of at least 0, was '"
                            + limit + "'");
        }

        @Test
        void a_limit_of_a_key_is_refused_with_the_key() {
            set("kerrera.queues.mail.limit", "many");

            assertThat(problems())
                    .containsExactly("kerrera.queues.mail.limit must be a whole number of at least 0, was 'many'");
        }

        @Test
        void the_wildcard_is_no_queue() {
            set("kerrera.queues", "*:5");
            set("kerrera.queues.*.limit", "5");

            assertThat(problems())
                    .containsExactly(
                            "kerrera.queues must name a queue of 1 to 127 characters other than *, was '*'",
                            "kerrera.queues.*.limit must name a queue of 1 to 127 characters other than *, was '*'");
        }
    }

    @Nested
    class BadValues {
        @Test
        void a_time_that_another_one_makes_impossible_is_refused() {
            set("kerrera.peer.interval", "5s");
            set("kerrera.peer.lease", "14s");
            set("kerrera.lifeline.interval", "10s");
            set("kerrera.lifeline.rescue-after", "19s");
            assertThat(problems())
                    .anyMatch(problem -> problem.contains("kerrera.peer.lease")
                            && problem.contains("at least three times kerrera.peer.interval"))
                    .anyMatch(problem -> problem.contains("kerrera.lifeline.rescue-after")
                            && problem.contains("at least twice kerrera.lifeline.interval"))
                    .hasSize(2);

            set("kerrera.peer.lease", "15s");
            set("kerrera.lifeline.rescue-after", "20s");
            assertThat(read().peer().trust()).isEqualTo(Duration.ofMillis(11_250));
        }

        @Test
        void a_connection_of_its_own_must_be_told_where_to() {
            set("kerrera.notifier.mode", "own-connection");
            assertThat(problems())
                    .containsExactly("kerrera.notifier.url must be set where kerrera.notifier.mode is own-connection:"
                            + " name the server itself, past any pooler");

            set("kerrera.notifier.url", "jdbc:postgresql://db/jobs");
            assertThat(read().notifier().mode()).isEqualTo(NotifierSettings.Mode.OWN_CONNECTION);
            assertThat(read().notifier().listens()).isTrue();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                kerrera.enabled                | yes      | must be true or false
                kerrera.migrate                | 1        | must be true or false
                kerrera.notifier.transactional | on       | must be true or false
                kerrera.name                   | My App   | must not contain white space
                kerrera.node                   | web 1    | must not contain white space
                kerrera.poll-interval          | often    | must be a duration such as 500ms, 10s, 5m or PT10S
                kerrera.poll-interval          | 10       | must be a duration such as 500ms, 10s, 5m or PT10S
                kerrera.poll-interval          | PT-1S    | must be a duration such as 500ms, 10s, 5m or PT10S
                kerrera.poll-interval          | 0s       | must be at least 10 ms
                kerrera.stager.interval        | PT0S     | must be at least 10 ms
                kerrera.stager.interval        | 9ms      | must be at least 10 ms
                kerrera.shutdown-grace-period  | -1s      | must be a duration such as 500ms, 10s, 5m or PT10S
                kerrera.notifier.debounce      | soon     | must be a duration such as 500ms, 10s, 5m or PT10S
                kerrera.notifier.mode          | LISTEN   | must be one of listen, own-connection, poll
                kerrera.notifier.mode          | off      | must be one of listen, own-connection, poll
                kerrera.met.mode               | true     | must be one of auto, on, off
                kerrera.stager.limit           | 0        | must be a whole number of at least 1
                kerrera.stager.limit           | a lot    | must be a whole number of at least 1
                """)
        void a_bad_value_is_told_with_its_key_its_value_and_the_remedy(String key, String value, String remedy) {
            set(key, value);

            assertThat(problems()).containsExactly("%s %s, was '%s'".formatted(key, remedy, value));
        }

        @ParameterizedTest
        @ValueSource(strings = {"999999d", "PT9999999999H", "999999999999d"})
        void a_duration_no_clock_can_count_is_refused(String forever) {
            set("kerrera.stager.interval", forever);

            assertThat(problems())
                    .containsExactly("kerrera.stager.interval must be at most 36500d, was '" + forever + "'");
        }

        @Test
        void a_bad_prefix_is_told_in_its_own_words() {
            set("kerrera.prefix", "tenant.jobs");

            assertThat(problems())
                    .containsExactly("kerrera.prefix must not contain a dot: Oban splits channel names at the first one"
                            + " (prefix: \"tenant.jobs\")");
        }

        @Test
        void a_host_name_that_cannot_name_a_node_asks_for_one() {
            host = "my laptop";

            assertThat(problems()).containsExactly("kerrera.node must not contain white space, was 'my laptop'");
        }

        @Test
        void all_problems_are_listed_at_once() {
            set("kerrera.enabled", "maybe");
            set("kerrera.name", "a b");
            set("kerrera.prefix", "pg_jobs");
            set("kerrera.queues", "mail");
            set("kerrera.queues.push.limit", "-2");
            set("kerrera.poll-interval", "x");
            set("kerrera.notifier.mode", "push");
            set("kerrera.stager.limit", "x");
            set("kerrera.stagger.limit", "5");

            ConfigurationException refused = refusal();

            assertThat(refused.problems())
                    .hasSize(9)
                    .extracting(problem -> problem.split(" ", 2)[0])
                    .containsExactlyInAnyOrder(
                            "kerrera.enabled",
                            "kerrera.name",
                            "kerrera.prefix",
                            "kerrera.queues",
                            "kerrera.queues.push.limit",
                            "kerrera.poll-interval",
                            "kerrera.notifier.mode",
                            "kerrera.stager.limit",
                            "kerrera.stagger.limit");
            assertThat(refused)
                    .hasMessageStartingWith("Kerrera cannot use its configuration:\n  - ")
                    .hasMessageContainingAll(refused.problems().toArray(CharSequence[]::new));
        }
    }

    @Nested
    class UnknownKeys {

        @ParameterizedTest
        @CsvSource({
            "kerrera.stagger.limit, kerrera.stager.limit",
            "kerrera.pollInterval, kerrera.poll-interval",
            "kerrera.notifier.debonce, kerrera.notifier.debounce",
            "kerrera.queue, kerrera.queues",
            "kerrera.queue.mail.limit, kerrera.queues.<name>.limit"
        })
        void an_unknown_key_names_the_nearest_known_one(String typed, String meant) {
            set(typed, "5");

            assertThat(problems()).containsExactly(typed + " is not a key of Kerrera: did you mean " + meant + "?");
        }

        @Test
        void a_key_far_from_all_others_names_the_reference() {
            set("kerrera.colour-of-the-console", "blue");

            assertThat(problems())
                    .containsExactly("kerrera.colour-of-the-console is not a key of Kerrera: "
                            + "see the configuration reference for the keys that exist");
        }

        @Test
        void keys_of_others_are_left_alone() {
            set("kerreras.limit", "5");
            set("quarkus.name", "x");
            set("KERRERA_DB_URL", "x");

            assertThat(read().name()).isEqualTo("Kerrera");
        }

        @Test
        void a_name_guessed_from_an_environment_variable_is_not_refused() {
            set("kerrera.db.url", "jdbc:postgresql://db/jobs");
            guessed = Set.of("kerrera.db.url");
            assertThat(read().name()).isEqualTo("Kerrera");

            guessed = Set.of();
            assertThat(problems()).hasSize(1);
        }

        @Test
        void a_queue_limit_guessed_from_an_environment_variable_counts() {
            set("kerrera.queues.mail.limit", "7");
            guessed = Set.of("kerrera.queues.mail.limit");

            assertThat(limits()).containsExactly(Map.entry("mail", 7));
        }

        @ParameterizedTest
        @EnumSource(mode = Mode.EXCLUDE, names = "QUEUE_LIMIT")
        void no_known_key_is_refused(Key key) {
            set(key.key(), "");

            assertThat(read().name()).isEqualTo("Kerrera");
        }
    }

    private void set(String key, String value) {
        properties.put(key, value);
    }

    private Settings read() {
        return new SettingsReader(
                        name -> Optional.ofNullable(properties.get(name)),
                        properties.keySet(),
                        name -> guessed.contains(name),
                        host)
                .read();
    }

    private Map<String, Integer> limits() {
        Map<String, Integer> limits = new LinkedHashMap<>();
        read().queues().forEach((name, queue) -> {
            assertThat(queue.name()).isEqualTo(name);
            limits.put(name, queue.limit());
        });
        return limits;
    }

    private ConfigurationException refusal() {
        return catchThrowableOfType(ConfigurationException.class, this::read);
    }

    private List<String> problems() {
        ConfigurationException refusal = refusal();
        assertThat(refusal).as("refused").isNotNull();
        return refusal.problems();
    }
}
