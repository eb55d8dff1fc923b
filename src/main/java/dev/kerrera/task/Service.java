package dev.kerrera.task;

import java.util.concurrent.ScheduledExecutorService;

/** Something that goes on by itself from its start to its stop. Start and stop are idempotent; thread-safe. */
public interface Service {

    /** Begins, unless it is switched off. */
    void start(ScheduledExecutorService timer);

    /** Returns when nothing is done any more. */
    void stop();

    /** Whether it is to run at all. */
    default boolean isEnabled() {
        return true;
    }

    /** How its loop is doing. */
    LoopStatus loop();
}
