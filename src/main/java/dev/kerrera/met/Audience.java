package dev.kerrera.met;

import dev.kerrera.config.MetSettings;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether anybody is there to be told; see the package. Thread-safe. */
final class Audience {

    private static final long MEMORY = Duration.ofSeconds(60).toNanos();

    private final MetSettings.Mode mode;
    private final LongSupplier nanos;
    private volatile long presentUntil;

    Audience(MetSettings.Mode mode, LongSupplier nanos) {
        this.mode = mode;
        this.nanos = nanos;
        this.presentUntil = nanos.getAsLong();
    }

    /** A message arrived on the channel {@code metrics}. */
    void heard(JsonObject message) {
        if (message.get("metrics") instanceof JsonArray && !message.containsKey("ident")) {
            presentUntil = nanos.getAsLong() + MEMORY;
        }
    }

    boolean possible() {
        return mode != MetSettings.Mode.OFF;
    }

    boolean present() {
        return switch (mode) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> nanos.getAsLong() - presentUntil < 0;
        };
    }
}
