package dev.kerrera.queue;

import dev.kerrera.engine.Completing;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Job;
import dev.kerrera.queue.Interruption.Reason;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One run of one job: started, performed, judged, settled, reported. */
final class JobRun implements Runnable {

    private static final String OWN_JOB =
            "the worker changed its own job in the transaction that completes it, and all of it was rolled back: return what is to become of the job, such as Outcome.cancel or Outcome.snooze";

    /** A worker that hangs is not asked what it thinks of its wait. */
    private static final BiFunction<Job, Failure, Optional<Duration>> BY_DEFAULT = (job, failure) -> Optional.empty();

    private final Job job;
    private final WorkerDefinition worker;
    private final Owner owner;
    private final Runs runs;
    private final Slot slot;
    private final Progress progress;
    private final OwnBackoff backoff;
    private final Interruption interruption = new Interruption();
    private final AtomicBoolean abandoned = new AtomicBoolean();
    private volatile long start = System.nanoTime();
    private volatile Optional<Duration> timeout = Optional.empty();
    private @Nullable Settlement inDoubt; // of the running thread
    private boolean settling; // of the running thread

    JobRun(Job job, WorkerDefinition worker, Owner owner, Runs runs, Slot slot) {
        this.job = job;
        this.worker = worker;
        this.owner = owner;
        this.runs = runs;
        this.slot = slot;
        this.progress = runs.progress().apply(job, owner);
        this.backoff = new OwnBackoff(worker, runs.application());
    }

    /** The place a run takes in its queue. */
    interface Slot {

        /** The run broke down; its job may be left behind in the table. */
        void broken(JobRun run);

        /** The job is done and the thread free again, but the table does not know yet. */
        void settling(JobRun run);

        /** Nothing is left to be done. */
        void ended(JobRun run);

        /** The job is settled, but its worker still holds the thread. */
        void abandoned(JobRun run);
    }

    Job job() {
        return job;
    }

    long id() {
        return job.id();
    }

    @Override
    public void run() {
        try {
            runs.results().started(job);
            start = System.nanoTime();
            tell(perform());
        } catch (RuntimeException | Error breakdown) {
            slot.broken(this);
            throw breakdown;
        } finally {
            if (!settling) {
                slot.ended(this);
            }
        }
    }

    /** How long it has been running. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The queue is being stopped: interrupts the worker, and a result that cannot be written now is given up. */
    void stop() {
        interruption.interrupt(Reason.STOP);
    }

    /** It was given back before it began. */
    void released() {
        runs.results().settled(job, new Settlement.Release(), Duration.ZERO);
    }

    /** The job is no longer this run's. */
    void cancel() {
        interrupt(Reason.CANCEL);
    }

    private void timeOut() {
        interrupt(Reason.TIMEOUT);
    }

    private void interrupt(Reason reason) {
        if (interruption.interrupt(reason)) {
            runs.watchdog().afterGrace(this::abandon);
        }
    }

    /** The worker was interrupted long ago; if it still goes on, its job does not wait for it. */
    private void abandon() {
        Optional<Thread> thread = interruption.performing();
        if (thread.isPresent() && abandoned.compareAndSet(false, true)) {
            runs.results().stuck(job, thread.get());
            write(Ending.Open.of(runs.verdict().on(job, interruption.reason().orElseThrow(), timeout, BY_DEFAULT)));
            slot.abandoned(this);
        }
    }

    private Ending perform() {
        if (!interruption.enter()) {
            return Ending.Open.of(interrupted());
        }
        try {
            return runs.application().call(this::callWorker);
        } catch (Throwable thrown) {
            interruption.leave();
            Settlement judged = judge(thrown);
            return new Ending.Open(judged, inDoubt, judged);
        } finally {
            interruption.leave();
        }
    }

    private Ending callWorker() throws Exception {
        Object args = job.args(worker.argsType());
        try (WorkerInstance instance = worker.obtain()) {
            timeout = timeout(instance);
            if (timeout.isEmpty()) {
                return perform(instance, args, Optional.empty());
            }
            try (Watchdog.Alarm alarm = runs.watchdog().set(timeout.get(), this::timeOut)) {
                return runs.application()
                        .withTransactionLimit(
                                timeout.get(), () -> perform(instance, args, Optional.of(alarm.deadline())));
            }
        }
    }

    private Optional<Duration> timeout(WorkerInstance instance) {
        Optional<Duration> own = timeoutByWorker(instance)
                .or(() -> Optional.ofNullable(worker.execution().timeout()));
        own.filter(time -> time.isNegative() || time.isZero() || time.compareTo(OwnBackoff.LONGEST) > 0)
                .ifPresent(time -> {
                    throw new IllegalArgumentException("timeout of %s must be > 0 and at most %s, was %s"
                            .formatted(worker.name(), OwnBackoff.LONGEST, time));
                });
        return own;
    }

    private Optional<Duration> timeoutByWorker(WorkerInstance instance) {
        return worker.decisions().timeout()
                ? Objects.requireNonNull(
                        instance.timeout(job), () -> "timeout of %s must not be null".formatted(worker.name()))
                : Optional.empty();
    }

    private Ending perform(WorkerInstance instance, Object args, Optional<Instant> deadline) throws Exception {
        JobContext context = new RunContext(job, deadline, interruption, progress);
        if (!worker.execution().transactional()) {
            Outcome outcome = instance.perform(args, context);
            interruption.leave();
            return new Ending.Returned(outcome);
        }
        try {
            return runs.application().inTransaction(() -> instance.perform(args, context), this::conclude);
        } catch (Undone undone) {
            return undone.ending;
        }
    }

    /** Last in the worker's transaction: the job is completed with it, or the transaction is undone. */
    private Ending conclude(@Nullable Outcome outcome) throws Undone {
        interruption.leave();
        if (outcome instanceof Outcome.Failed || isOverruled(outcome)) {
            throw new Undone(new Ending.Returned(outcome));
        }
        Settlement settlement = runs.verdict().on(job, outcome, backoff);
        if (!runs.results().writeOnce(job, owner, settlement)) {
            throw new Undone(new Ending.FencedOff(settlement));
        }
        inDoubt = settlement;
        return new Ending.Committed(settlement);
    }

    private void tell(Ending ending) {
        if (ending instanceof Ending.Returned returned) {
            end(judge(returned.outcome()));
        } else if (ending instanceof Ending.Open open) {
            write(open);
        } else if (ending instanceof Ending.Committed committed) {
            runs.results().settled(job, committed.settlement(), age());
        } else if (ending instanceof Ending.FencedOff fencedOff) {
            recover(fencedOff.settlement());
        }
    }

    /** A worker may have moved its own job, which was undone with everything else it did; then the job is still this run's. */
    private void recover(Settlement wanted) {
        Settlement failure = runs.verdict().on(job, new IllegalStateException(OWN_JOB), backoff);
        write(new Ending.Open(failure, null, wanted));
    }

    private void end(Settlement settlement) {
        if (settlement instanceof Settlement.Complete && !abandoned.get()) {
            complete();
        } else {
            write(Ending.Open.of(settlement));
        }
    }

    /** Others may write it down; meanwhile the place is free for another job. */
    private void complete() {
        progress.flush();
        settling = true;
        Completed completed = new Completed(
                new Completing.Run(job, owner), runs.results(), age(), interruption.stop(), () -> slot.ended(this));
        try {
            slot.settling(this);
        } finally {
            runs.completions().add(completed);
        }
    }

    private void write(Ending.Open ending) {
        progress.flush();
        runs.results().write(job, owner, ending, interruption.stop(), age());
    }

    private Settlement judge(@Nullable Outcome outcome) {
        return isOverruled(outcome) ? interrupted() : runs.verdict().on(job, outcome, backoff);
    }

    private Settlement judge(Throwable thrown) {
        return interruption.reason().isPresent()
                ? interrupted()
                : runs.verdict().on(job, thrown, backoff);
    }

    /** A worker that was interrupted has its word only if it ended well; one whose job was cancelled only if it is done. */
    private boolean isOverruled(@Nullable Outcome outcome) {
        boolean done = outcome == null || outcome instanceof Outcome.Ok;
        return interruption
                .reason()
                .filter(reason -> reason == Reason.CANCEL ? !done : outcome instanceof Outcome.Failed)
                .isPresent();
    }

    private Settlement interrupted() {
        return runs.verdict().on(job, interruption.reason().orElseThrow(), timeout, backoff);
    }

    /** Undoes the worker's transaction. */
    private static final class Undone extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Ending ending;

        Undone(Ending ending) {
            super(null, null, false, false);
            this.ending = ending;
        }
    }
}
