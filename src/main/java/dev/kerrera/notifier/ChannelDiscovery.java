package dev.kerrera.notifier;

import dev.kerrera.config.Instances;
import dev.kerrera.config.OfInstance;
import dev.kerrera.config.Settings;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the channels that an application observes while it is deployed. Only the container uses it; it is public because
 * containers demand it.
 */
public final class ChannelDiscovery implements Extension {

    private static final String MAIN = "";

    private static final List<String> ALWAYS =
            List.of(Channel.INSERT, Channel.SIGNAL, Channel.LEADER, Channel.SONAR, Channel.GOSSIP);

    private final Map<String, Set<String>> observed = new LinkedHashMap<>();

    void notice(@Observes ProcessObserverMethod<?, ?> event) {
        Set<Annotation> qualifiers = event.getObserverMethod().getObservedQualifiers();
        Set<String> ofInstance = observed.computeIfAbsent(instance(qualifiers), name -> new LinkedHashSet<>());
        for (Annotation qualifier : qualifiers) {
            if (qualifier instanceof OnChannel onChannel) {
                ofInstance.add(onChannel.value());
            }
        }
    }

    private static String instance(Set<Annotation> qualifiers) {
        return qualifiers.stream()
                .filter(OfInstance.class::isInstance)
                .map(qualifier -> ((OfInstance) qualifier).value())
                .findFirst()
                .orElse(MAIN);
    }

    /**
     * The channels in use, without prefix.
     *
     * @param instance name of an instance, empty for the main one
     */
    public Set<String> channels(String instance) {
        Set<String> channels = new LinkedHashSet<>(ALWAYS);
        channels.addAll(observed.getOrDefault(instance, Set.of()));
        return channels;
    }

    /** Everything wrong with what is observed, one sentence each. */
    public List<String> problems(Instances instances) {
        List<String> problems = new ArrayList<>(problems(MAIN, instances.main()));
        instances.named().forEach((name, settings) -> problems.addAll(problems(name, settings)));
        observed.keySet().stream()
                .filter(name -> !name.equals(MAIN) && !instances.named().containsKey(name))
                .map(name -> "An observer names the instance '%s', which does not exist: kerrera.instances has %s"
                        .formatted(name, instances.named().keySet()))
                .forEach(problems::add);
        return problems;
    }

    private List<String> problems(String instance, Settings settings) {
        return channels(instance).stream()
                .flatMap(channel -> {
                    try {
                        Channel.full(settings.prefix().name(), channel);
                        return Stream.<String>empty();
                    } catch (IllegalArgumentException unusable) {
                        return Stream.of("An observer names the " + unusable.getMessage());
                    }
                })
                .toList();
    }
}
