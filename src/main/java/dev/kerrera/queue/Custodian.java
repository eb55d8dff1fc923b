package dev.kerrera.queue;

import dev.kerrera.engine.Custody;
import dev.kerrera.job.Job;
import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Ends the runs whose jobs were taken away from them: cancelled, rescued, changed. A message says where to look at once; the table
 * says whether it is so, and is asked about every run that lasts. So a message that comes too late ends no later run of its
 * job, and one that never comes is not missed.
 */
final class Custodian {

    private static final Duration LASTING = Duration.ofSeconds(1);

    private final Custody custody;
    private final Supplier<Stream<JobRun>> running;
    private final Set<Long> suspects = ConcurrentHashMap.newKeySet();
    private final Nudge check;

    Custodian(Custody custody, Supplier<Stream<JobRun>> running, Executor executor) {
        this.custody = custody;
        this.running = running;
        this.check = new Nudge(this::checkSuspects, executor);
    }

    /** Somebody says that this job was taken away. Never blocks. */
    void suspect(long id) {
        if (running.get().anyMatch(run -> run.id() == id)) {
            suspects.add(id);
            check.nudge();
        }
    }

    /** Asks the table about the runs that last. */
    void checkLasting() {
        check(run -> run.age().compareTo(LASTING) >= 0);
    }

    private void checkSuspects() {
        Set<Long> named = new HashSet<>(suspects);
        suspects.removeAll(named);
        check(run -> named.contains(run.id()));
    }

    private void check(Predicate<JobRun> which) {
        List<JobRun> runs = running.get().filter(which).toList();
        if (!runs.isEmpty()) {
            List<Job> lost = custody.lost(runs.stream().map(JobRun::job).toList());
            runs.stream()
                    .filter(run -> lost.stream().anyMatch(job -> job == run.job()))
                    .forEach(JobRun::cancel);
        }
    }
}
