package dev.kerrera.queue;

import dev.kerrera.engine.Custody;
import dev.kerrera.engine.Fetching;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LastDone;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Asks the table what no message told: where work waits, and which runs have lost their job. Where this node leads, the stager tells
 * where work waits as often, and it is not asked twice. Thread-safe.
 */
final class Lookout {

    /** The stager's turns are jittered too. */
    private static final double SLACK = 1.25;

    private final Duration interval;
    private final LastDone told;
    private final Producers producers;
    private final Completions completions;
    private final Fetching fetching;
    private final Custodian custodian;

    /** @param told when every queue with work was last told of it by somebody else */
    Lookout(
            Duration interval,
            LastDone told,
            Producers producers,
            Completions completions,
            Fetching fetching,
            Custody custody,
            Executor executor) {
        this.interval = interval;
        this.told = told;
        this.producers = producers;
        this.completions = completions;
        this.fetching = fetching;
        this.custodian = new Custodian(custody, producers::running, executor);
    }

    /** Looks at everything. */
    void look() {
        completions.relieve();
        custodian.checkLasting();
        if (isToldFor().isZero()) {
            List<String> open = producers.withRoom();
            if (!open.isEmpty()) {
                fetching.queuesWithWork(open).forEach(producers::wake);
            }
        }
        producers.wakeThoseWithLeftovers();
    }

    /** To the next look: when the other one is overdue, so that queues never wait for longer. */
    Duration pause(RandomGenerator random) {
        Duration covered = isToldFor();
        return covered.isZero() ? Interval.jittered(interval, random) : covered;
    }

    private Duration isToldFor() {
        return told.until(Duration.ofNanos((long) (interval.toNanos() * SLACK)));
    }

    /** Somebody says that the run of this job has lost it. Never blocks. */
    void suspect(long id) {
        custodian.suspect(id);
    }
}
