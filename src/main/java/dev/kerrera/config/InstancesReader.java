package dev.kerrera.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the settings of every instance. A named one has the keys of the main one below {@code kerrera.instance.<name>}.
 *
 * <p>It shares with the main instance what is about the machine: whether Kerrera is enabled, the node, and how long a stop may take. The data source and the
 * notifier's way to the same server are shared unless it names a data source of its own. Everything else has its own
 * default, so that two instances do not influence each other by accident.
 */
public final class InstancesReader {

    private static final String ROOT = "kerrera.";
    private static final String NAMED = "kerrera.instance.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
    private static final Set<String> OF_THE_MACHINE = Set.of(Key.ENABLED.key(), Key.NODE.key(), Key.STOP_WINDOW.key());
    private static final Set<String> OF_THE_SERVER =
            Set.of(Key.DATASOURCE.key(), Key.NOTIFIER_URL.key(), Key.NOTIFIER_USER.key(), Key.NOTIFIER_PASSWORD.key());

    private final Function<String, Optional<String>> source;
    private final Set<String> names;
    private final Predicate<String> guessed;
    private final String host;
    private final Set<String> problems = new LinkedHashSet<>();

    /** Takes what {@link SettingsReader} takes. */
    public InstancesReader(
            Function<String, Optional<String>> source,
            Collection<String> names,
            Predicate<String> guessed,
            String host) {
        this.source = source;
        this.names = new LinkedHashSet<>(names);
        this.guessed = guessed;
        this.host = host;
    }

    /**
     * Reads and validates.
     *
     * @throws ConfigurationException listing every problem
     */
    public Instances read() {
        List<String> listed = listed();
        refuseUnlisted(listed);
        Optional<Settings> main = read(new SettingsReader(source, ofMain(), guessed, host), problem -> problem);
        Map<String, Settings> named = new LinkedHashMap<>();
        for (String instance : listed) {
            read(reader(instance), problem -> Instances.of(instance, problem))
                    .ifPresent(settings -> named.put(instance, settings));
        }
        main.ifPresent(settings -> refuseSharedTables(settings, named));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(List.copyOf(problems));
        }
        return new Instances(main.orElseThrow(), named);
    }

    private List<String> listed() {
        List<String> listed = Stream.of(value(Key.INSTANCES.key()).orElse("").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        listed.stream()
                .filter(name -> !NAME.matcher(name).matches())
                .forEach(name -> problems.add(
                        "kerrera.instances must list names of letters, digits and hyphens, was '%s'".formatted(name)));
        return listed;
    }

    private void refuseUnlisted(List<String> listed) {
        names.stream()
                .filter(name -> listed.stream().anyMatch(instance -> name.equals(NAMED + instance + ".instances")))
                .forEach(name -> problems.add(name + " has no effect: list every instance in " + Key.INSTANCES.key()));
        names.stream()
                .filter(name -> name.startsWith(NAMED) && !guessed.test(name))
                .filter(name -> listed.stream().noneMatch(instance -> name.startsWith(NAMED + instance + ".")))
                .forEach(name -> problems.add(
                        "%s is of an instance that does not exist: add it to kerrera.instances, which has %s"
                                .formatted(name, listed)));
    }

    private Optional<Settings> read(SettingsReader reader, UnaryOperator<String> spoken) {
        try {
            return Optional.of(reader.read());
        } catch (ConfigurationException unusable) {
            unusable.problems().forEach(problem -> problems.add(spoken.apply(problem)));
            return Optional.empty();
        }
    }

    private List<String> ofMain() {
        return names.stream().filter(name -> !name.startsWith(NAMED)).toList();
    }

    private SettingsReader reader(String instance) {
        String root = NAMED + instance + ".";
        Function<String, String> own = key -> root + key.substring(ROOT.length());
        List<String> ofInstance = names.stream()
                .filter(name -> name.startsWith(root))
                .map(name -> ROOT + name.substring(root.length()))
                .toList();
        boolean sharesServer = value(own.apply(Key.DATASOURCE.key())).isEmpty();
        return new SettingsReader(
                key -> source.apply(own.apply(key))
                        .filter(text -> !text.isBlank())
                        .or(() -> shared(key, instance, sharesServer)),
                ofInstance,
                name -> guessed.test(own.apply(name)),
                host);
    }

    private Optional<String> shared(String key, String instance, boolean sharesServer) {
        if (key.equals(Key.NAME.key())) {
            return Optional.of(instance);
        }
        boolean shared = OF_THE_MACHINE.contains(key) || (sharesServer && OF_THE_SERVER.contains(key));
        return shared ? value(key) : Optional.empty();
    }

    private Optional<String> value(String key) {
        try {
            return source.apply(key).filter(text -> !text.isBlank());
        } catch (IllegalArgumentException unreadable) {
            problems.add(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    private void refuseSharedTables(Settings main, Map<String, Settings> named) {
        Map<String, String> owners = new LinkedHashMap<>();
        owners.put(tables(main), "the main instance");
        named.forEach((instance, settings) -> {
            String owner = owners.putIfAbsent(tables(settings), "instance " + instance);
            if (owner != null) {
                problems.add(
                        "kerrera.instance.%s.prefix must differ from that of %s, or the data source must, was '%s': two instances cannot share tables"
                                .formatted(instance, owner, settings.prefix().name()));
            }
        });
    }

    private static String tables(Settings settings) {
        return settings.datasource() + " " + settings.prefix().name();
    }
}
