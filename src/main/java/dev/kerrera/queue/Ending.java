package dev.kerrera.queue;

import dev.kerrera.engine.Settlement;
import dev.kerrera.worker.Outcome;
import org.jspecify.annotations.Nullable;

/** Where a run stands once its worker has ended. */
sealed interface Ending {

    /** The worker returned, and nothing is decided or written yet. */
    record Returned(@Nullable Outcome outcome) implements Ending {}

    /**
     * It is decided what is to be written.
     *
     * @param inDoubt what a transaction whose commit failed may have written nevertheless
     * @param wanted what the run meant to write
     */
    record Open(Settlement settlement, @Nullable Settlement inDoubt, Settlement wanted) implements Ending {
        static Open of(Settlement settlement) {
            return new Open(settlement, null, settlement);
        }
    }

    /** It is written, in the worker's own transaction. */
    record Committed(Settlement settlement) implements Ending {}

    /** The job was no longer this run's, so the worker's transaction was rolled back. */
    record FencedOff(Settlement settlement) implements Ending {}
}
