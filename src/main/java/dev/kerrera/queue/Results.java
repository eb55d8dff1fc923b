package dev.kerrera.queue;

import dev.kerrera.engine.Acknowledgement;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Job;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.JobStuck;
import dev.kerrera.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Writes down what became of runs, and tells of it. Thread-safe. */
final class Results {

    private static final System.Logger LOG = System.getLogger(Results.class.getName());

    /** Of the wait, which may have to do with a row that is free again in a moment. */
    private static final int DOUBLINGS = 7;

    /** After so many failures in a row it is said once more; that is a minute and a half. */
    private static final int REMINDER = 12;

    private final Acknowledgement acknowledgement;
    private final Telemetry telemetry;
    private final Notifier notifier;
    private final Patience patience;

    Results(Acknowledgement acknowledgement, Telemetry telemetry, Notifier notifier, Patience patience) {
        this.acknowledgement = acknowledgement;
        this.telemetry = telemetry;
        this.notifier = notifier;
        this.patience = patience;
    }

    private enum Fate {
        SETTLED,
        SETTLED_BEFORE,
        FENCED,
        LOST
    }

    void started(Job job) {
        telemetry.emit(new JobStarted(job));
    }

    void stuck(Job job, Thread thread) {
        telemetry.emit(new JobStuck(job, thread.getName(), List.of(thread.getStackTrace())));
    }

    /** Writes a result once, in the caller's transaction if there is one; false when the job is no longer the run's. */
    boolean writeOnce(Job job, Owner owner, Settlement settlement) {
        return acknowledgement.settle(job, owner, settlement);
    }

    /** Writes a result, trying again until the database takes it or the run is given up, and tells how that ended. */
    void write(Job job, Owner owner, Ending.Open ending, CountDownLatch givenUp, Duration duration) {
        write(job, owner, ending, givenUp, duration, false);
    }

    /** @param again whether it was tried before, and it is not known whether it is written */
    void write(Job job, Owner owner, Ending.Open ending, CountDownLatch givenUp, Duration duration, boolean again) {
        switch (write(job, owner, ending, givenUp, again ? 1 : 0)) {
            case SETTLED -> settled(job, ending.settlement(), duration);
            case SETTLED_BEFORE -> settled(job, Objects.requireNonNull(ending.inDoubt()), duration);
            case FENCED -> telemetry.emit(new JobFenced(job, ending.wanted().state()));
            case LOST ->
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The result '%s' of job %d was not written before the queue stopped; the job stays executing until rescued"
                                .formatted(ending.settlement().state().label(), job.id()));
        }
    }

    private Fate write(Job job, Owner owner, Ending.Open ending, CountDownLatch givenUp, int failuresBefore) {
        for (int failures = failuresBefore; ; failures++) {
            boolean last = givenUp.getCount() == 0;
            try {
                if (acknowledgement.settle(job, owner, ending.settlement())
                        || (failures > 0 && acknowledgement.isSettled(job, owner, ending.settlement()))) {
                    return Fate.SETTLED;
                }
                Settlement inDoubt = ending.inDoubt();
                return inDoubt != null && acknowledgement.isSettled(job, owner, inDoubt)
                        ? Fate.SETTLED_BEFORE
                        : Fate.FENCED;
            } catch (RuntimeException failure) {
                if (failures == failuresBefore) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The result of job %d could not be written; trying until it can".formatted(job.id()),
                            failure);
                }
                if ((failures - failuresBefore) % REMINDER == REMINDER - 1) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The result of job %d could not be written %d times, and is held until it can: %s"
                                    .formatted(job.id(), failures - failuresBefore + 1, failure.getMessage()));
                }
                if (last || !hasWaitedAfter(failures, givenUp)) {
                    return Fate.LOST;
                }
            }
        }
    }

    /** Waits, but no longer than until it is given up, so that a last try follows; false when interrupted. */
    private boolean hasWaitedAfter(int failures, CountDownLatch givenUp) {
        try {
            givenUp.await(patience.after(Math.min(failures, DOUBLINGS)).toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A result was written. */
    void settled(Job job, Settlement settlement, Duration duration) {
        if (settlement instanceof Settlement.Retry retry) {
            failed(job, settlement, retry.error(), duration);
        } else if (settlement instanceof Settlement.Discard discard && discard.exhausted()) {
            failed(job, settlement, discard.error(), duration);
        } else if (settlement instanceof Settlement.Release) {
            telemetry.emit(new JobReleased(job));
            notifier.announce(job.queue());
        } else {
            telemetry.emit(new JobStopped(job, settlement.state(), duration, queueTime(job)));
        }
    }

    private void failed(Job job, Settlement settlement, String error, Duration duration) {
        telemetry.emit(new JobFailed(job, settlement.state(), error, duration, queueTime(job)));
    }

    private static Duration queueTime(Job job) {
        Instant attemptedAt = job.attemptedAt();
        if (attemptedAt == null || attemptedAt.isBefore(job.scheduledAt())) {
            return Duration.ZERO;
        }
        return Duration.between(job.scheduledAt(), attemptedAt);
    }
}
