package dev.kerrera;

import dev.kerrera.maintenance.Crontab;
import dev.kerrera.maintenance.Lifeline;
import dev.kerrera.maintenance.Pruner;
import dev.kerrera.maintenance.Reindexer;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What a leader does for all, and who leads. Thread-safe. */
final class Upkeep {

    private final Peer peer;
    private final Stager stager;
    private final Pruner pruner;
    private final Lifeline lifeline;
    private final Crontab crontab;
    private final Reindexer reindexer;

    Upkeep(Peer peer, Stager stager, Pruner pruner, Lifeline lifeline, Crontab crontab, Reindexer reindexer) {
        this.peer = peer;
        this.stager = stager;
        this.pruner = pruner;
        this.lifeline = lifeline;
        this.crontab = crontab;
        this.reindexer = reindexer;
    }

    void start(ScheduledExecutorService timer) {
        peer.start(timer);
        stager.start(timer);
        pruner.start(timer);
        lifeline.start(timer);
        crontab.start(timer);
        reindexer.start(timer);
    }

    /** The services first, so that nothing is done for a lease that was given back. */
    void stop() {
        stager.stop();
        pruner.stop();
        lifeline.stop();
        crontab.stop();
        reindexer.stop();
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
        if (crontab.isEnabled()) {
            loops.add(crontab.loop());
        }
        if (reindexer.isEnabled()) {
            loops.add(reindexer.loop());
        }
        if (peer.isEnabled()) {
            loops.add(peer.loop());
        }
        return loops;
    }
}
