package bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Has a workload done before it is measured, until the virtual machine has compiled what it runs. */
final class Rehearsal {

    private Rehearsal() {}

    /** What it came to when it was done once more than {@code REHEARSE_S} seconds (15) had room for; 0 measures at once. */
    static List<Result> before(Callable<List<Result>> workload) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Sizes.of("REHEARSE_S", 15));
        while (System.nanoTime() < end) {
            workload.call();
        }
        return workload.call();
    }
}
