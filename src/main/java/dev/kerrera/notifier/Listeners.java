package dev.kerrera.notifier;

import java.util.Collection;
import java.util.List;

/** What listens for the instances of this application, as one. Start and stop are idempotent; thread-safe. */
public final class Listeners {

    private final List<Listening> all;

    public Listeners(Collection<Listening> all) {
        this.all = List.copyOf(all);
    }

    void start() {
        all.forEach(Listening::start);
    }

    void stop() {
        all.forEach(Listening::stop);
    }
}
