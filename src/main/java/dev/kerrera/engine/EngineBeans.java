package dev.kerrera.engine;

import dev.kerrera.config.Internal;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Offers the transitions on the jobs table to injection. */
@ApplicationScoped
class EngineBeans {

    @Produces
    @Singleton
    Insertion insertion(Jdbc jdbc, Prefix prefix) {
        return new Insertion(jdbc, prefix);
    }

    @Produces
    @Singleton
    UniqueInsertion uniqueInsertion(Jdbc jdbc, Prefix prefix) {
        return new UniqueInsertion(jdbc, prefix);
    }

    @Produces
    @Singleton
    BulkInsertion bulkInsertion(Jdbc jdbc, Prefix prefix, UniqueInsertion unique) {
        return new BulkInsertion(jdbc, prefix, unique);
    }

    @Produces
    @Singleton
    Fetching fetching(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Fetching(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Acknowledgement acknowledgement(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Acknowledgement(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    ProgressNotes progressNotes(Jdbc jdbc, Prefix prefix) {
        return new ProgressNotes(jdbc, prefix);
    }

    @Produces
    @Singleton
    Custody custody(Jdbc jdbc, Prefix prefix) {
        return new Custody(jdbc, prefix);
    }

    @Produces
    @Singleton
    Heartbeats heartbeats(Jdbc jdbc, Prefix prefix) {
        return new Heartbeats(jdbc, prefix);
    }

    @Produces
    @Singleton
    Rescuing rescuing(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Rescuing(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Pruning pruning(Jdbc jdbc, Prefix prefix) {
        return new Pruning(jdbc, prefix);
    }

    @Produces
    @Singleton
    Staging staging(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Staging(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Cancelling cancelling(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Cancelling(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Retrying retrying(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Retrying(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Deleting deleting(Jdbc jdbc, Prefix prefix) {
        return new Deleting(jdbc, prefix);
    }

    @Produces
    @Singleton
    Updating updating(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Updating(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Finding finding(Jdbc jdbc, Prefix prefix) {
        return new Finding(jdbc, prefix);
    }
}
