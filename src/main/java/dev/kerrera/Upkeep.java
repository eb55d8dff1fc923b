package dev.kerrera;

import dev.kerrera.maintenance.Lifeline;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.task.LoopStatus;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** The upkeep services of a node, as one. Thread-safe. */
final class Upkeep {

    private final Stager stager;
    private final Lifeline lifeline;

    Upkeep(Stager stager, Lifeline lifeline) {
        this.stager = stager;
        this.lifeline = lifeline;
    }

    void start(ScheduledExecutorService timer) {
        stager.start(timer);
        lifeline.start(timer);
    }

    void stop() {
        stager.stop();
        lifeline.stop();
    }

    List<LoopStatus> loops() {
        return List.of(stager.loop(), lifeline.loop());
    }
}
