package dev.kerrera.testsupport;

import dev.kerrera.telemetry.KerreraEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Keeps what happened, and waits for it. */
public final class RecordedEvents implements Consumer<KerreraEvent> {

    private final List<KerreraEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void accept(KerreraEvent event) {
        events.add(event);
    }

    public <T extends KerreraEvent> List<T> of(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Waits for that many events of a type, and returns them. */
    public <T extends KerreraEvent> List<T> await(Class<T> type, int count) {
        Awaitility.await("events " + type.getSimpleName()).until(() -> of(type).size() >= count);
        return of(type);
    }

    /** Waits for one event of a type, which must stay the only one so far, and returns it. */
    public <T extends KerreraEvent> T awaitOne(Class<T> type) {
        List<T> found = await(type, 1);
        if (found.size() > 1) {
            throw new AssertionError("more than one: " + found);
        }
        return found.get(0);
    }
}
