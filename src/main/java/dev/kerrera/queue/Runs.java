package dev.kerrera.queue;

import dev.kerrera.engine.Acknowledgement;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Job;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.worker.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What every run of a job needs: a way to call its worker, to judge it, to write the result down and to tell of it. */
final class Runs {

    private static final System.Logger LOG = System.getLogger(Runs.class.getName());

    private final ApplicationCode application;
    private final Verdict verdict;
    private final Acknowledgement acknowledgement;
    private final Telemetry telemetry;
    private final Notifier notifier;
    private final Patience patience;

    Runs(
            ApplicationCode application,
            Verdict verdict,
            Acknowledgement acknowledgement,
            Telemetry telemetry,
            Notifier notifier,
            Patience patience) {
        this.application = application;
        this.verdict = verdict;
        this.acknowledgement = acknowledgement;
        this.telemetry = telemetry;
        this.notifier = notifier;
        this.patience = patience;
    }

    /** How writing a result ended. */
    @FunctionalInterface
    interface Written {
        void report(Job job, Settlement settlement, Duration duration);
    }

    void started(Job job) {
        telemetry.emit(new JobStarted(job));
    }

    <T> T call(Callable<T> worker) throws Exception {
        return application.call(worker);
    }

    Settlement judge(Job job, @Nullable Outcome outcome) {
        if (outcome == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s returned null for job %d, which counts as Outcome.ok()".formatted(job.worker(), job.id()));
            return new Settlement.Complete();
        }
        return verdict.on(job, outcome);
    }

    Settlement judge(Job job, Throwable thrown) {
        return verdict.on(job, thrown);
    }

    /** Writes the result, trying again until the database takes it or the run is given up. */
    Written settle(Job job, Owner owner, Settlement settlement, CountDownLatch givenUp) {
        for (int failures = 0; ; failures++) {
            try {
                boolean owned = acknowledgement.settle(job, owner, settlement)
                        || (failures > 0 && acknowledgement.isSettled(job, owner, settlement));
                return owned ? this::reportSettled : this::reportFenced;
            } catch (RuntimeException failure) {
                if (failures == 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The result of job %d could not be written; trying until it can".formatted(job.id()),
                            failure);
                }
                if (!waitAfter(failures, givenUp)) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "The result '%s' of job %d was not written before the queue stopped; the job stays executing until rescued"
                                    .formatted(settlement.state().label(), job.id()));
                    return (lost, state, duration) -> {};
                }
            }
        }
    }

    private boolean waitAfter(int failures, CountDownLatch givenUp) {
        try {
            return !givenUp.await(patience.after(failures).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void reportSettled(Job job, Settlement settlement, Duration duration) {
        Duration queueTime = queueTime(job);
        if (settlement instanceof Settlement.Retry retry) {
            telemetry.emit(new JobFailed(job, settlement.state(), retry.error(), duration, queueTime));
        } else if (settlement instanceof Settlement.Discard discard && discard.exhausted()) {
            telemetry.emit(new JobFailed(job, settlement.state(), discard.error(), duration, queueTime));
        } else if (settlement instanceof Settlement.Release) {
            telemetry.emit(new JobReleased(job));
            notifier.announce(job.queue());
        } else {
            telemetry.emit(new JobStopped(job, settlement.state(), duration, queueTime));
        }
    }

    private void reportFenced(Job job, Settlement settlement, Duration duration) {
        telemetry.emit(new JobFenced(job, settlement.state()));
    }

    private static Duration queueTime(Job job) {
        Instant attemptedAt = job.attemptedAt();
        if (attemptedAt == null || attemptedAt.isBefore(job.scheduledAt())) {
            return Duration.ZERO;
        }
        return Duration.between(job.scheduledAt(), attemptedAt);
    }
}
