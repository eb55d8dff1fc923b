package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/oban-parity.md} true: each fact is decided, and shown by a test that is there. */
class ParityPageTest {

    private static final Path PAGE = Path.of("docs", "oban-parity.md");
    private static final Pattern LINK = Pattern.compile("\\[`(\\w+)\\.(\\w+)`]\\(([^)]+)\\)");
    private static final Pattern ANY_TEST_FILE = Pattern.compile("\\(([^)]*src/test/java[^)]*)\\)");
    private static final List<String> COLUMNS = List.of("Oban", "Kerrera", "status", "shown by");
    private static final Set<String> SHOWN = Set.of("yes", "partly", "differs");

    private static final List<String> SECTIONS = List.of(
            "Job fields",
            "New jobs",
            "Scheduling",
            "Unique",
            "Replace",
            "Bulk",
            "Errors",
            "Finding and describing jobs",
            "States and moves",
            "Changing jobs",
            "Fetch",
            "Outcomes",
            "Backoff",
            "Timeout",
            "Run sequence",
            "Worker contract",
            "Notifier",
            "Oban Web",
            "Cron and reindexer",
            "Beside an Elixir node");

    /** A fact about jobs as the page has it. */
    private record Fact(String section, String oban, String kerrera, String status, String shownBy) {}

    private final String page = read(PAGE);

    @Test
    void every_linked_test_is_there() {
        Matcher link = LINK.matcher(page);
        int links = 0;
        while (link.find()) {
            links++;
            Path file = PAGE.resolveSibling(link.group(3)).normalize();
            assertThat(file).as("file of %s", link.group()).isRegularFile().hasFileName(link.group(1) + ".java");
            assertThat(read(file)).as("text of %s", file).contains("void " + link.group(2) + "(");
        }
        assertThat(links).as("links to tests").isEqualTo(count(ANY_TEST_FILE)).isGreaterThan(100);
    }

    @Test
    void every_fact_about_jobs_is_decided() {
        assertThat(facts()).extracting(Fact::section).containsAll(SECTIONS);
        assertThat(facts())
                .allSatisfy(fact ->
                        assertThat(fact.status()).as("status of %s", fact).isIn("yes", "partly", "no", "differs"));
    }

    @Test
    void every_fact_that_holds_is_shown_by_a_test_and_every_other_has_a_reason() {
        assertThat(facts()).allSatisfy(fact -> {
            assertThat(LINK.matcher(fact.shownBy()).find())
                    .as("a test that shows %s", fact)
                    .isEqualTo(SHOWN.contains(fact.status()));
            assertThat(fact.kerrera())
                    .as("counterpart or reason of %s", fact)
                    .isNotEmpty()
                    .isNotEqualTo("–");
        });
    }

    private List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        String section = "";
        for (String line : page.lines().toList()) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (SECTIONS.contains(section) && line.startsWith("|") && !line.startsWith("|---")) {
                List<String> cells = cells(line);
                assertThat(cells).as("cells of %s", line).hasSize(4);
                if (!cells.equals(COLUMNS)) {
                    facts.add(new Fact(section, cells.get(0), cells.get(1), cells.get(2), cells.get(3)));
                }
            }
        }
        return facts;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.strip().split("(?<!\\\\)\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells.subList(1, cells.size() - 1);
    }

    private int count(Pattern pattern) {
        return (int) pattern.matcher(page).results().count();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new AssertionError("cannot be read: " + file, missing);
        }
    }
}
