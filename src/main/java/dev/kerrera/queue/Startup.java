package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How queues begin: with what lasting orders say of them, and known to the table before they take a job. Thread-safe. */
final class Startup {

    private static final System.Logger LOG = System.getLogger(Startup.class.getName());

    private final Collection<QueueSettings> configured;
    private final ProducerFactory factory;
    private final LastingControl lasting;
    private final Producers producers;
    private final Heart heart;

    Startup(
            Collection<QueueSettings> configured,
            ProducerFactory factory,
            LastingControl lasting,
            Producers producers,
            Heart heart) {
        this.configured = configured;
        this.factory = factory;
        this.lasting = lasting;
        this.producers = producers;
        this.heart = heart;
    }

    /**
     * The queues a node begins with, before its heart beats.
     *
     * @throws dev.kerrera.db.DatabaseException when the table cannot be asked; another start may follow
     */
    void begin() {
        List<Producer> made = configured.stream().map(factory::make).toList();
        lasting.apply(made);
        made.forEach(producers::add);
    }

    /** A queue that joins them later, unless it runs already; with what was ordered since it was expected. Blocks. */
    void join(QueueSettings queue, Expected expected) throws InterruptedException {
        if (producers.of(queue.name()).isPresent()) {
            return;
        }
        if (!factory.hasWorkers()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Queue %s is not started here: this application has no workers".formatted(queue.name()));
            return;
        }
        Producer producer = factory.make(queue);
        lasting.apply(List.of(producer));
        expected.passOn(producer);
        heart.begin(producer);
        if (producers.add(producer)) {
            if (expected.passOn(producer)) {
                heart.beatSoon();
            }
            LOG.log(System.Logger.Level.INFO, "Queue %s is started".formatted(queue.name()));
            producer.wake();
        } else {
            producer.close(Duration.ZERO);
            heart.end(List.of(producer));
        }
    }
}
