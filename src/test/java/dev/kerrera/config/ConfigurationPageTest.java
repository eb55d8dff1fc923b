package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/configuration.md} in step with {@link Key}, in both directions. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs", "configuration.md");
    private static final Pattern MENTIONED = Pattern.compile("kerrera\\.[a-z<][a-z<>.-]*[a-z>]");

    private final String page = read();

    @Test
    void the_table_has_a_row_for_every_key_and_no_other() {
        List<String> rows =
                page.lines().filter(line -> line.startsWith("| `kerrera.")).toList();

        assertThat(rows)
                .as("rows of the table in %s", PAGE)
                .containsExactlyElementsOf(
                        Stream.of(Key.values()).map(ConfigurationPageTest::row).toList());
    }

    @Test
    void the_text_mentions_no_key_that_does_not_exist() {
        Matcher mentioned = MENTIONED.matcher(page);

        while (mentioned.find()) {
            String key = mentioned.group();
            assertThat(isKey(key)).as("%s mentions %s, a key", PAGE, key).isTrue();
        }
    }

    @Test
    void the_defaults_of_the_page_are_those_of_the_code() {
        Settings defaults = new SettingsReader(name -> Optional.empty(), List.of(), name -> false, "web-1").read();
        Settings written = new SettingsReader(
                        name -> Stream.of(Key.values())
                                .filter(key -> key.key().equals(name))
                                .map(Key::defaultText)
                                .filter(text -> !List.of("host name", "none", "the data source's")
                                        .contains(text))
                                .findFirst(),
                        List.of(),
                        name -> false,
                        "web-1")
                .read();

        assertThat(written).isEqualTo(defaults);
    }

    @Test
    void every_topic_has_its_section() {
        assertThat(page)
                .contains(
                        "## Queues",
                        "## The crontab",
                        "## Durations",
                        "## Names of instances and nodes",
                        "## The prefix",
                        "## The notifier's connections",
                        "## Environment variables",
                        "## Another data source",
                        "## Several instances");
    }

    private static String row(Key key) {
        String fallback = Stream.of("host name", "none", "the data source's").anyMatch(key.defaultText()::equals)
                ? key.defaultText()
                : "`" + key.defaultText() + "`";
        return "| `%s` | %s | %s | %s |"
                .formatted(key.key(), key.type().replace("|", "\\|"), fallback, key.description());
    }

    private static boolean isKey(String mentioned) {
        return Stream.of(Key.values()).map(Key::key).anyMatch(mentioned::equals)
                || mentioned.matches("kerrera\\.queues\\.\\w+\\.limit")
                || mentioned.matches("kerrera\\.cron\\.entries(\\.[\\w-]+\\.[a-z-]+)?")
                || mentioned.matches("kerrera\\.instance\\.(\\w+|<name>)(\\..*)?");
    }

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException missing) {
            throw new AssertionError("the reference page is missing", missing);
        }
    }
}
