package dev.kerrera.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what is said of the crontab and the reindexer. Expressions, workers and JSON are for others to judge. */
final class CronReader {

    private static final String ENTRIES = "kerrera.cron.entries.";
    private static final Pattern ENTRY =
            Pattern.compile("kerrera\\.cron\\.entries\\.(.+)\\.(?:expression|worker|args|meta"
                    + "|queue|timezone|catch-up|max-attempts|priority|tags|enabled)");

    /** The same, as guessed from an environment variable, which has no dashes. */
    private static final Pattern GUESSED_ENTRY = Pattern.compile("kerrera\\.cron\\.entries\\.([a-z0-9.]+)\\."
            + "(?:expression|worker|args|meta|queue|timezone|catch\\.up|max\\.attempts|priority|tags|enabled)");

    private static final int LONGEST_IDENTIFIER = 63;

    private final Values values;
    private final Set<String> names;
    private final Predicate<String> guessed;

    CronReader(Values values, Set<String> names, Predicate<String> guessed) {
        this.values = values;
        this.names = names;
        this.guessed = guessed;
    }

    static boolean isEntryKey(String name) {
        return ENTRY.matcher(name).matches();
    }

    CronSettings cron() {
        String catchUp = values.text(Key.CRON_CATCH_UP).orElse(Key.CRON_CATCH_UP.defaultText());
        Optional<CatchUp> parsed = CatchUp.parse(catchUp);
        if (parsed.isEmpty()) {
            values.problem(Key.CRON_CATCH_UP.key(), catchUp, CatchUp.REMEDY);
        }
        return new CronSettings(
                values.flag(Key.CRON_ENABLED),
                zone(Key.CRON_TIMEZONE),
                parsed.orElse(new CatchUp(0)),
                values.duration(Key.CRON_CATCH_UP_WITHIN),
                entries());
    }

    ReindexerSettings reindexer() {
        Duration timeout = values.interval(Key.REINDEXER_TIMEOUT);
        List<String> indexes = list(values.text(Key.REINDEXER_INDEXES).orElse(Key.REINDEXER_INDEXES.defaultText()));
        for (String index : indexes) {
            if (index.getBytes(UTF_8).length > LONGEST_IDENTIFIER || index.indexOf('\0') >= 0) {
                values.problem(
                        Key.REINDEXER_INDEXES.key(), index, "must list names of indexes, of at most 63 bytes each");
            }
        }
        return new ReindexerSettings(
                values.flag(Key.REINDEXER_ENABLED),
                values.text(Key.REINDEXER_SCHEDULE).orElse(Key.REINDEXER_SCHEDULE.defaultText()),
                zone(Key.REINDEXER_TIMEZONE),
                timeout,
                indexes);
    }

    private ZoneId zone(Key key) {
        String name = values.text(key).orElse(key.defaultText());
        Optional<ZoneId> zone = Zones.find(name);
        if (zone.isEmpty()) {
            values.problem(key.key(), name, Zones.remedy(name));
        }
        return zone.orElse(ZoneOffset.UTC);
    }

    /** A guess that may be meant for a name that somebody spelled is no entry of its own. */
    private List<CronEntrySettings> entries() {
        Set<String> spelled = new LinkedHashSet<>();
        Set<String> guesses = new LinkedHashSet<>();
        for (String key : names) {
            Matcher exact = ENTRY.matcher(key);
            Matcher guess = GUESSED_ENTRY.matcher(key);
            if (guessed.test(key) && guess.matches()) {
                guesses.add(guess.group(1));
            } else if (exact.matches()) {
                spelled.add(exact.group(1));
            }
        }
        Set<String> variables = spelled.stream().map(SettingsReader::variable).collect(Collectors.toSet());
        guesses.removeIf(name -> variables.contains(SettingsReader.variable(name)));
        return Stream.concat(
                        spelled.stream().map(name -> entry(name, false)),
                        guesses.stream().map(name -> entry(name, true)))
                .toList();
    }

    private CronEntrySettings entry(String name, boolean guess) {
        return new CronEntrySettings(
                name,
                guess,
                flag(key(Key.CRON_ENTRY_ENABLED, name)),
                text(Key.CRON_ENTRY_EXPRESSION, name),
                text(Key.CRON_ENTRY_WORKER, name),
                text(Key.CRON_ENTRY_ARGS, name),
                text(Key.CRON_ENTRY_META, name),
                text(Key.CRON_ENTRY_QUEUE, name),
                text(Key.CRON_ENTRY_TIMEZONE, name),
                text(Key.CRON_ENTRY_CATCH_UP, name),
                number(key(Key.CRON_ENTRY_MAX_ATTEMPTS, name), 1),
                number(key(Key.CRON_ENTRY_PRIORITY, name), 0),
                text(Key.CRON_ENTRY_TAGS, name).map(CronReader::list));
    }

    private Optional<String> text(Key key, String entry) {
        return values.text(key(key, entry));
    }

    private Optional<Integer> number(String name, int least) {
        return values.text(name).map(text -> values.number(name, text, least));
    }

    private boolean flag(String name) {
        return values.text(name).map(text -> values.flag(name, text)).orElse(true);
    }

    private static String key(Key key, String entry) {
        return ENTRIES + entry + key.key().substring(key.key().lastIndexOf('.'));
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
