package dev.kerrera.maintenance;

import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Knows when a leader's loop has to look next, so that it asks nothing of the database before. For one loop; not thread-safe. */
final class Alarm {

    private Instant next = Instant.MIN;
    private Instant set = Instant.MIN;
    private boolean known;

    /** Whether it is time. It also is when the clock has gone back: what was known of the time after may be wrong. */
    boolean rings(Instant now) {
        return !now.isBefore(next) || now.isBefore(set);
    }

    void set(Instant next, Instant now) {
        this.next = next;
        this.set = now;
        this.known = true;
    }

    /** When it was last set, since when nobody else can have gone on; otherwise now. */
    Instant since(Instant now) {
        return known && set.isBefore(now) ? set : now;
    }

    /** Others may go on meanwhile. */
    void forget() {
        next = Instant.MIN;
        known = false;
    }

    /** As the given one; and who does not lead forgets. */
    BooleanSupplier forgetUnless(BooleanSupplier leads) {
        return () -> {
            boolean leading = leads.getAsBoolean();
            if (!leading) {
                forget();
            }
            return leading;
        };
    }
}
