package dev.kerrera.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tells every sink what happened. A sink that throws is logged and keeps nothing from the others. Thread-safe. */
public final class Telemetry {

    private static final System.Logger LOG = System.getLogger(Telemetry.class.getName());

    private final List<Consumer<KerreraEvent>> sinks;

    public Telemetry(List<Consumer<KerreraEvent>> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    /** What operators need to know goes to the server's log, and everything to the observers. */
    public static Telemetry of(Observers observers, List<Consumer<KerreraEvent>> others) {
        List<Consumer<KerreraEvent>> sinks = new ArrayList<>();
        sinks.add(new DefaultLog());
        sinks.add(observers::fire);
        sinks.addAll(others);
        return new Telemetry(sinks);
    }

    public void emit(KerreraEvent event) {
        for (Consumer<KerreraEvent> sink : sinks) {
            try {
                sink.accept(event);
            } catch (Throwable failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "An observer failed on " + event + "; the event is not repeated",
                        failure);
            }
        }
    }
}
