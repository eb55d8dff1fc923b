package dev.kerrera.config;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns configuration sources into {@link Settings}.
 *
 * <p>Reads everything before it judges, so that one failed start names every mistake.
 */
public final class SettingsReader {

    private static final Pattern QUEUE_LIMIT = Pattern.compile("kerrera\\.queues\\.(.+)\\.limit");
    private static final List<String> KNOWN = Stream.of(Key.values()).map(Key::key).toList();
    private static final int LONGEST_QUEUE_NAME = 127;

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
                values.flag(Key.MIGRATE),
                queues(),
                values.interval(Key.POLL_INTERVAL),
                values.duration(Key.SHUTDOWN_GRACE_PERIOD),
                values.duration(Key.INTERRUPT_GRACE_PERIOD),
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
                    && !QUEUE_LIMIT.matcher(name).matches()
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

    private Map<String, QueueSettings> queues() {
        Map<String, QueueSettings> queues = new LinkedHashMap<>();
        Set<String> keyed = queuesWithKey();
        String line = values.text(Key.QUEUES).orElse(keyed.isEmpty() ? Key.QUEUES.defaultText() : "");
        for (String entry : line.isEmpty() ? new String[0] : line.split(",")) {
            int colon = entry.lastIndexOf(':');
            if (colon < 1) {
                values.problem(Key.QUEUES.key(), entry.strip(), "must list name:limit pairs such as default:10,mail:5");
                continue;
            }
            String queue = entry.substring(0, colon).strip();
            String limit = entry.substring(colon + 1).strip();
            add(queues, queue, Key.QUEUES.key(), Key.QUEUES.key() + ": the limit of " + queue, limit);
        }
        for (String queue : withoutMisspelled(keyed, queues.keySet())) {
            String key = limitKey(queue);
            values.text(key).ifPresent(limit -> add(queues, queue, key, key, limit));
        }
        return Collections.unmodifiableMap(queues);
    }

    private Set<String> queuesWithKey() {
        Set<String> queues = new LinkedHashSet<>();
        for (String name : names) {
            Matcher matcher = QUEUE_LIMIT.matcher(name);
            if (matcher.matches() && values.text(name).isPresent()) {
                queues.add(matcher.group(1));
            }
        }
        return queues;
    }

    /** A variable cannot spell every name: what is guessed from one may be meant for a queue on the line. */
    private Set<String> withoutMisspelled(Set<String> keyed, Set<String> onTheLine) {
        Set<String> variables = new HashSet<>();
        onTheLine.forEach(queue -> variables.add(variable(limitKey(queue))));
        Set<String> queues = new LinkedHashSet<>(onTheLine);
        for (String queue : keyed) {
            String key = limitKey(queue);
            if (!guessed.test(key) || !variables.contains(variable(key))) {
                queues.add(queue);
            }
        }
        return queues;
    }

    private static String limitKey(String queue) {
        return "kerrera.queues." + queue + ".limit";
    }

    /** The environment variable that MicroProfile Config takes for a property. */
    static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private void add(Map<String, QueueSettings> queues, String queue, String key, String limitKey, String limit) {
        if (queue.isEmpty() || queue.codePointCount(0, queue.length()) > LONGEST_QUEUE_NAME || queue.equals("*")) {
            values.problem(key, queue, "must name a queue of 1 to 127 characters other than *");
        }
        queues.put(queue, new QueueSettings(queue, values.number(limitKey, limit, 0)));
    }
}
