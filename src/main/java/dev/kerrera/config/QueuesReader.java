package dev.kerrera.config;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which queues a node works, and how: from one line, from a queue's own keys, or from both. */
final class QueuesReader {

    /** A key of one queue: its name, and what is said of it. */
    static final Pattern KEY = Pattern.compile("kerrera\\.queues\\.(.+)\\.(limit|paused|dispatch-cooldown)");

    private static final String LIMIT = "limit";

    private final Values values;
    private final Set<String> names;
    private final Predicate<String> guessed;

    QueuesReader(Values values, Set<String> names, Predicate<String> guessed) {
        this.values = values;
        this.names = names;
        this.guessed = guessed;
    }

    Map<String, QueueSettings> read() {
        Map<String, Integer> limits = limits();
        refuseHomelessKeys(limits.keySet());
        Map<String, QueueSettings> queues = new LinkedHashMap<>();
        Duration cooldown = values.duration(Key.DISPATCH_COOLDOWN);
        limits.forEach((queue, limit) -> queues.put(queue, queue(queue, limit, cooldown)));
        return Collections.unmodifiableMap(queues);
    }

    private QueueSettings queue(String queue, int limit, Duration cooldown) {
        String paused = key(queue, "paused");
        String own = key(queue, "dispatch-cooldown");
        return new QueueSettings(
                queue,
                limit,
                values.text(paused).map(text -> values.flag(paused, text)).orElse(false),
                values.text(own).map(text -> values.duration(own, text)).orElse(cooldown));
    }

    private Map<String, Integer> limits() {
        Map<String, Integer> limits = new LinkedHashMap<>();
        Set<String> keyed = queuesWithLimit();
        String line = values.text(Key.QUEUES).orElse(keyed.isEmpty() ? Key.QUEUES.defaultText() : "");
        for (String entry : line.isEmpty() ? new String[0] : line.split(",")) {
            int colon = entry.lastIndexOf(':');
            if (colon < 1) {
                values.problem(Key.QUEUES.key(), entry.strip(), "must list name:limit pairs such as default:10,mail:5");
                continue;
            }
            String queue = entry.substring(0, colon).strip();
            String limit = entry.substring(colon + 1).strip();
            add(limits, queue, Key.QUEUES.key(), Key.QUEUES.key() + ": the limit of " + queue, limit);
        }
        for (String queue : withoutMisspelled(keyed, limits.keySet())) {
            String key = key(queue, LIMIT);
            values.text(key).ifPresent(limit -> add(limits, queue, key, key, limit));
        }
        return limits;
    }

    private void add(Map<String, Integer> limits, String queue, String key, String limitKey, String limit) {
        if (!QueueSettings.isName(queue)) {
            values.problem(key, queue, "must name a queue of 1 to 127 characters other than *");
        }
        limits.put(queue, values.number(limitKey, limit, 0));
    }

    private Set<String> queuesWithLimit() {
        Set<String> queues = new LinkedHashSet<>();
        for (String name : names) {
            Matcher matcher = KEY.matcher(name);
            if (matcher.matches()
                    && matcher.group(2).equals(LIMIT)
                    && values.text(name).isPresent()) {
                queues.add(matcher.group(1));
            }
        }
        return queues;
    }

    /** A variable cannot spell every name: what is guessed from one may be meant for a queue on the line. */
    private Set<String> withoutMisspelled(Set<String> keyed, Set<String> onTheLine) {
        Set<String> variables = new HashSet<>();
        onTheLine.forEach(queue -> variables.add(SettingsReader.variable(key(queue, LIMIT))));
        Set<String> queues = new LinkedHashSet<>(onTheLine);
        for (String queue : keyed) {
            String key = key(queue, LIMIT);
            if (!guessed.test(key) || !variables.contains(SettingsReader.variable(key))) {
                queues.add(queue);
            }
        }
        return queues;
    }

    /** What is said of a queue that has no limit would never have an effect. */
    private void refuseHomelessKeys(Set<String> queues) {
        for (String name : names) {
            Matcher matcher = KEY.matcher(name);
            if (matcher.matches()
                    && !matcher.group(2).equals(LIMIT)
                    && !guessed.test(name)
                    && values.text(name).isPresent()
                    && !queues.contains(matcher.group(1))) {
                values.problem("%s is about a queue that has no limit: list %s in %s or set %s"
                        .formatted(name, matcher.group(1), Key.QUEUES.key(), key(matcher.group(1), LIMIT)));
            }
        }
    }

    private static String key(String queue, String what) {
        return "kerrera.queues." + queue + "." + what;
    }
}
