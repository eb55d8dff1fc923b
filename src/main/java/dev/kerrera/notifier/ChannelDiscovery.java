package dev.kerrera.notifier;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import java.lang.annotation.Annotation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the channels that an application observes while it is deployed. Only the container uses it; it is public because
 * containers demand it.
 */
public final class ChannelDiscovery implements Extension {

    private final Set<String> channels =
            new LinkedHashSet<>(List.of(Channel.INSERT, Channel.SIGNAL, Channel.LEADER, Channel.SONAR, Channel.GOSSIP));

    void notice(@Observes ProcessObserverMethod<?, ?> event) {
        for (Annotation qualifier : event.getObserverMethod().getObservedQualifiers()) {
            if (qualifier instanceof OnChannel onChannel) {
                channels.add(onChannel.value());
            }
        }
    }

    /** The channels in use, without prefix. */
    public Set<String> channels() {
        return channels;
    }

    /** Everything wrong with the channels observed, one sentence each. */
    public List<String> problems(String prefix) {
        return channels.stream()
                .flatMap(channel -> {
                    try {
                        Channel.full(prefix, channel);
                        return Stream.<String>empty();
                    } catch (IllegalArgumentException unusable) {
                        return Stream.of("An observer names the " + unusable.getMessage());
                    }
                })
                .toList();
    }
}
