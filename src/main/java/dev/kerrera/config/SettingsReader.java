package dev.kerrera.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Turns configuration sources into {@link Settings}.
 *
 * <p>Reads everything before it judges, so that one failed start names every mistake.
 */
public final class SettingsReader {

    private static final List<String> KNOWN =
            Stream.of(Key.values()).map(Key::key).toList();

    private final Values values;
    private final Set<String> names;
    private final Predicate<String> guessed;
    private final String host;

    /**
     * @param source the value of a property, empty when it is not set; throws {@link IllegalArgumentException} with a sentence
     *     when it cannot be read
     * @param names every property name the sources can list
     * @param guessed which of the names nobody spelled: guesses made from environment variables
     * @param host the node's name where none is configured
     */
    public SettingsReader(
            Function<String, Optional<String>> source,
            Collection<String> names,
            Predicate<String> guessed,
            String host) {
        this.values = new Values(source);
        this.names = new LinkedHashSet<>(names);
        this.guessed = guessed;
        this.host = host;
    }

    /**
     * Reads and validates.
     *
     * @throws ConfigurationException listing every problem
     */
    public Settings read() {
        refuseUnknownKeys();
        CronReader crons = new CronReader(values, names, guessed);
        Settings settings = new Settings(
                values.flag(Key.ENABLED),
                word(Key.NAME, Key.NAME.defaultText()),
                word(Key.NODE, host),
                prefix(),
                values.text(Key.DATASOURCE).orElse(Key.DATASOURCE.defaultText()),
                new MigrationSettings(
                        values.flag(Key.MIGRATE),
                        values.flag(Key.MIGRATE_TABLE_SETTINGS),
                        values.flag(Key.MIGRATE_GIN_INDEXES)),
                new QueuesReader(values, names, guessed).read(),
                values.duration(Key.DISPATCH_COOLDOWN),
                values.interval(Key.POLL_INTERVAL),
                values.duration(Key.SHUTDOWN_GRACE_PERIOD),
                values.duration(Key.STOP_WINDOW),
                values.duration(Key.INTERRUPT_GRACE_PERIOD),
                new ResultSettings(values.flag(Key.JOBS_DELETE_COMPLETED), values.flag(Key.JOBS_DURABLE_RESULTS)),
                notifier(),
                peer(),
                pruner(),
                new StagerSettings(values.interval(Key.STAGER_INTERVAL), values.number(Key.STAGER_LIMIT, 1)),
                lifeline(),
                new MetSettings(values.choice(Key.MET_MODE, MetSettings.Mode.class)),
                crons.cron(),
                crons.reindexer());
        if (!values.problems().isEmpty()) {
            throw new ConfigurationException(values.problems());
        }
        return settings;
    }

    private void refuseUnknownKeys() {
        for (String name : names) {
            if (name.startsWith("kerrera.")
                    && !KNOWN.contains(name)
                    && !guessed.test(name)
                    && !QueuesReader.KEY.matcher(name).matches()
                    && !CronReader.isEntryKey(name)) {
                String hint = Suggestions.nearest(name, spelledFor(name))
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("see the configuration reference for the keys that exist");
                values.problem(name + " is not a key of Kerrera: " + hint);
            }
        }
    }

    /** The keys there are, those for queues and cron entries with the name that stands in the key. */
    private static List<String> spelledFor(String name) {
        return KNOWN.stream()
                .map(key -> {
                    int from = key.indexOf("<name>");
                    int to = name.lastIndexOf('.');
                    return from > 0 && from < to && key.startsWith(name.substring(0, from))
                            ? key.replace("<name>", name.substring(from, to))
                            : key;
                })
                .toList();
    }

    private String word(Key key, String otherwise) {
        String text = values.text(key).orElse(otherwise);
        if (text.chars().anyMatch(Character::isWhitespace)) {
            values.problem(key.key(), text, "must not contain white space");
        }
        return text;
    }

    private Prefix prefix() {
        try {
            return new Prefix(values.text(Key.PREFIX).orElse(Key.PREFIX.defaultText()));
        } catch (IllegalArgumentException unusable) {
            values.problem("kerrera." + unusable.getMessage());
            return new Prefix(Key.PREFIX.defaultText());
        }
    }

    private NotifierSettings notifier() {
        NotifierSettings notifier = new NotifierSettings(
                values.choice(Key.NOTIFIER_MODE, NotifierSettings.Mode.class),
                values.text(Key.NOTIFIER_URL),
                values.text(Key.NOTIFIER_USER),
                values.text(Key.NOTIFIER_PASSWORD),
                values.flag(Key.NOTIFIER_TRANSACTIONAL),
                values.duration(Key.NOTIFIER_DEBOUNCE));
        if (notifier.mode() == NotifierSettings.Mode.OWN_CONNECTION
                && notifier.url().isEmpty()) {
            values.problem(Key.NOTIFIER_URL.key() + " must be set where " + Key.NOTIFIER_MODE.key()
                    + " is own-connection: name the server itself, past any pooler");
        }
        return notifier;
    }

    private PeerSettings peer() {
        PeerSettings peer = new PeerSettings(
                values.flag(Key.PEER_ENABLED), values.interval(Key.PEER_INTERVAL), values.interval(Key.PEER_LEASE));
        if (peer.lease().compareTo(peer.interval().multipliedBy(3)) < 0) {
            values.problem(
                    Key.PEER_LEASE.key(),
                    peer.lease().toString(),
                    "must be at least three times " + Key.PEER_INTERVAL.key()
                            + ", or leaders lose it between two renewals");
        }
        return peer;
    }

    private PrunerSettings pruner() {
        return new PrunerSettings(
                values.flag(Key.PRUNER_ENABLED),
                values.interval(Key.PRUNER_INTERVAL),
                values.number(Key.PRUNER_LIMIT, 1),
                values.duration(Key.PRUNER_COMPLETED_AFTER),
                values.duration(Key.PRUNER_CANCELLED_AFTER),
                values.duration(Key.PRUNER_DISCARDED_AFTER));
    }

    private LifelineSettings lifeline() {
        LifelineSettings lifeline = new LifelineSettings(
                values.interval(Key.LIFELINE_INTERVAL),
                values.interval(Key.LIFELINE_RESCUE_AFTER),
                values.interval(Key.LIFELINE_RESCUE_UNKNOWN_AFTER),
                values.number(Key.LIFELINE_MAX_DEATHS, 1));
        if (lifeline.rescueAfter().compareTo(lifeline.interval().multipliedBy(2)) < 0) {
            values.problem(
                    Key.LIFELINE_RESCUE_AFTER.key(),
                    lifeline.rescueAfter().toString(),
                    "must be at least twice " + Key.LIFELINE_INTERVAL.key() + ", or living nodes are taken for dead");
        }
        return lifeline;
    }

    /** The environment variable that MicroProfile Config takes for a property. */
    static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
