package dev.kerrera.queue;

import dev.kerrera.engine.Completing;
import dev.kerrera.engine.Settlement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A run whose job is done and not yet written down.
 *
 * @param duration how long it took
 * @param givenUp opens when there is no more time to write
 * @param settled what to do at last
 */
record Completed(Completing.Run run, Results results, Duration duration, CountDownLatch givenUp, Runnable settled)
        implements Completions.Done {

    private static final Settlement COMPLETE = new Settlement.Complete();

    @Override
    public void written() {
        try {
            results.settled(run.job(), COMPLETE, duration);
        } finally {
            settled.run();
        }
    }

    @Override
    public void writeAlone(boolean again) {
        try {
            results.write(run.job(), run.owner(), Ending.Open.of(COMPLETE), givenUp, duration, again);
        } finally {
            settled.run();
        }
    }
}
