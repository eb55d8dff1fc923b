package dev.kerrera.queue;

import dev.kerrera.job.Job;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a worker thinks of the wait of a failed job; empty where it leaves it to the default, or cannot be asked. */
final class OwnBackoff implements BiFunction<Job, Failure, Optional<Duration>> {

    private static final System.Logger LOG = System.getLogger(OwnBackoff.class.getName());
    static final Duration LONGEST = Duration.ofDays(365_000);

    private final WorkerDefinition worker;
    private final ApplicationCode application;

    OwnBackoff(WorkerDefinition worker, ApplicationCode application) {
        this.worker = worker;
        this.application = application;
    }

    @Override
    public Optional<Duration> apply(Job job, Failure failure) {
        if (!worker.decisions().backoff()) {
            return Optional.empty();
        }
        try {
            Optional<Duration> wait = application.call(() -> ask(job, failure));
            wait.ifPresent(OwnBackoff::check);
            return wait;
        } catch (Throwable thrown) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The backoff of %s failed for job %d; the default is used".formatted(worker.name(), job.id()),
                    thrown);
            return Optional.empty();
        }
    }

    private Optional<Duration> ask(Job job, Failure failure) {
        try (WorkerInstance instance = worker.obtain()) {
            return instance.backoff(job, failure);
        }
    }

    private static void check(Duration wait) {
        if (wait.isNegative() || wait.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("backoff must be zero to %s, was %s".formatted(LONGEST, wait));
        }
    }
}
