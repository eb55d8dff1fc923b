package dev.kerrera;

import dev.kerrera.maintenance.Lifeline;
import dev.kerrera.maintenance.Pruner;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.met.Reporter;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What a leader does for all, who leads, and what Oban Web is told of it. Thread-safe. */
final class Upkeep {

    private final Peer peer;
    private final Stager stager;
    private final Pruner pruner;
    private final Lifeline lifeline;
    private final Reporter reporter;

    Upkeep(Peer peer, Stager stager, Pruner pruner, Lifeline lifeline, Reporter reporter) {
        this.peer = peer;
        this.stager = stager;
        this.pruner = pruner;
        this.lifeline = lifeline;
        this.reporter = reporter;
    }

    void start(ScheduledExecutorService timer) {
        peer.start(timer);
        stager.start(timer);
        pruner.start(timer);
        lifeline.start(timer);
        reporter.start(timer);
    }

    /** The services first, so that nothing is done for a lease that was given back. */
    void stop() {
        reporter.stop();
        stager.stop();
        pruner.stop();
        lifeline.stop();
        peer.stop();
    }

    Stager stager() {
        return stager;
    }

    List<LoopStatus> loops() {
        List<LoopStatus> loops = new ArrayList<>(List.of(stager.loop(), lifeline.loop()));
        if (pruner.isEnabled()) {
            loops.add(pruner.loop());
        }
        if (reporter.isEnabled()) {
            loops.add(reporter.loop());
        }
        if (peer.isEnabled()) {
            loops.add(peer.loop());
        }
        return loops;
    }
}
