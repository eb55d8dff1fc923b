package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Makes the transitions on one jobs table, each where it is needed; Oban's <em>engine</em>. They hold no
 * state, but who inserts shares statements with those who use the same {@link Insertion}. Thread-safe.
 */
public final class Engine {

    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Clock clock;

    public Engine(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.prefix = prefix;
        this.clock = clock;
    }

    /** @param mayLead whether the calling thread may insert for others */
    public Insertion insertion(BooleanSupplier mayLead) {
        return new Insertion(jdbc, prefix, mayLead);
    }

    public UniqueInsertion uniqueInsertion() {
        return new UniqueInsertion(jdbc, prefix);
    }

    public BulkInsertion bulkInsertion() {
        return new BulkInsertion(jdbc, prefix, uniqueInsertion());
    }

    public Fetching fetching() {
        return new Fetching(jdbc, prefix, clock);
    }

    public JointFetching jointFetching() {
        return new JointFetching(jdbc, prefix, clock);
    }

    public Acknowledgement acknowledgement(ResultSettings results) {
        return new Acknowledgement(jdbc, prefix, clock, results);
    }

    public Completing completing(ResultSettings results) {
        return new Completing(jdbc, prefix, clock, results);
    }

    public ProgressNotes progressNotes() {
        return new ProgressNotes(jdbc, prefix);
    }

    public Custody custody() {
        return new Custody(jdbc, prefix);
    }

    public Heartbeats heartbeats() {
        return new Heartbeats(jdbc, prefix);
    }

    public LastingOrders lastingOrders() {
        return new LastingOrders(jdbc, prefix);
    }

    public Rescuing rescuing() {
        return new Rescuing(jdbc, prefix, clock);
    }

    public Pruning pruning() {
        return new Pruning(jdbc, prefix);
    }

    public Staging staging() {
        return new Staging(jdbc, prefix, clock);
    }

    public Cancelling cancelling() {
        return new Cancelling(jdbc, prefix, clock);
    }

    public Retrying retrying() {
        return new Retrying(jdbc, prefix, clock);
    }

    public Deleting deleting() {
        return new Deleting(jdbc, prefix);
    }

    public Updating updating() {
        return new Updating(jdbc, prefix, clock);
    }

    public Counting counting() {
        return new Counting(jdbc, prefix);
    }

    public Finding finding() {
        return new Finding(jdbc, prefix);
    }
}
