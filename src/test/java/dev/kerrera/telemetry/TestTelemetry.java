package dev.kerrera.telemetry;

import java.util.function.Consumer;

/** Lends what only this room can make. */
public final class TestTelemetry {

    private TestTelemetry() {}

    /** The sink that writes to the server's log. */
    public static Consumer<KerreraEvent> log() {
        return new DefaultLog();
    }
}
