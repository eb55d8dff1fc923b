package dev.kerrera.maintenance;

import dev.kerrera.db.Jdbc;
import dev.kerrera.insert.Inserter;
import dev.kerrera.job.Job;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Inserts a job for a time of an entry, and moves the entry's row there, both or neither. Thread-safe. */
final class CronFiring {

    /** Who waits for a lock, such as that of a unique job, holds up the other entries and whoever wants its row. */
    private static final String IMPATIENT = "SELECT pg_catalog.set_config('lock_timeout', '1s', true)";

    private final Jdbc jdbc;
    private final CronRows rows;
    private final Inserter inserter;

    CronFiring(Jdbc jdbc, CronRows rows, Inserter inserter) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.inserter = inserter;
    }

    CronRows rows() {
        return rows;
    }

    /** Does what is due; false when somebody else is doing it. */
    boolean fire(CronEntry entry, CronRow row, Due due) {
        CronRow at = row;
        for (Instant time : due.times()) {
            if (!fire(entry, at, time)) {
                return false;
            }
            at = at.at(time);
        }
        Instant reached = at.lastAt();
        Optional<Instant> beyond = due.passedOver().filter(latest -> latest.isAfter(reached));
        CronRow fired = at;
        return beyond.isEmpty() || together(() -> rows.move(fired, beyond.get()));
    }

    private boolean fire(CronEntry entry, CronRow row, Instant time) {
        Optional<Job> stored = together(
                () -> rows.move(row, time) ? Optional.of(inserter.store(entry.jobAt(time))) : Optional.empty());
        stored.ifPresent(inserter::announce);
        return stored.isPresent();
    }

    /** Inserts the job of an entry for no time but the start. */
    void boot(CronEntry entry, Instant now) {
        inserter.announce(together(() -> inserter.store(entry.jobAt(now))));
    }

    private <T> T together(Supplier<T> work) {
        return jdbc.together(() -> {
            jdbc.query(IMPATIENT, p -> {}, row -> row.text());
            return work.get();
        });
    }
}
