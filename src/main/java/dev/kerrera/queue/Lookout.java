package dev.kerrera.queue;

import dev.kerrera.engine.Custody;
import dev.kerrera.engine.Fetching;
import java.util.List;
import java.util.concurrent.Executor;

/** Asks the table what no message told: where work waits, and which runs have lost their job. Thread-safe. */
final class Lookout {

    private final Producers producers;
    private final Fetching fetching;
    private final Custodian custodian;

    Lookout(Producers producers, Fetching fetching, Custody custody, Executor executor) {
        this.producers = producers;
        this.fetching = fetching;
        this.custodian = new Custodian(custody, producers::running, executor);
    }

    /** Looks at everything. */
    void look() {
        custodian.checkLasting();
        List<String> open = producers.withRoom();
        if (!open.isEmpty()) {
            fetching.queuesWithWork(open).forEach(producers::wake);
        }
        producers.wakeThoseWithLeftovers();
    }

    /** Somebody says that the run of this job has lost it. Never blocks. */
    void suspect(long id) {
        custodian.suspect(id);
    }
}
