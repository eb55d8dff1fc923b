package dev.kerrera.queue;

import dev.kerrera.engine.Cancelled;
import dev.kerrera.engine.Cancelling;
import dev.kerrera.engine.Deleting;
import dev.kerrera.engine.Retrying;
import dev.kerrera.engine.Touched;
import dev.kerrera.engine.Updating;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.Signals;
import java.util.Optional;
import java.util.function.Function;

/**
 * Interferes with jobs that are in the table already, in the caller's transaction, and has the queues concerned told once it has
 * committed. Thread-safe.
 */
public final class JobControl {

    private final Cancelling cancelling;
    private final Retrying retrying;
    private final Deleting deleting;
    private final Updating updating;
    private final Notifier notifier;

    public JobControl(
            Cancelling cancelling, Retrying retrying, Deleting deleting, Updating updating, Notifier notifier) {
        this.cancelling = cancelling;
        this.retrying = retrying;
        this.deleting = deleting;
        this.updating = updating;
        this.notifier = notifier;
    }

    /** Cancels jobs that have not ended, and has those interrupted that are running, on whatever node. */
    public long cancel(JobFilter filter) {
        Cancelled cancelled = cancelling.cancel(filter);
        cancelled.executing().forEach(id -> notifier.publish(Channel.SIGNAL, Signals.kill(id)));
        return cancelled.jobs();
    }

    /** Makes jobs available that neither are nor execute. */
    public long retry(JobFilter filter) {
        return announced(retrying.retry(filter));
    }

    /** Removes jobs that do not execute. */
    public long delete(JobFilter filter) {
        return deleting.delete(filter);
    }

    /** Changes jobs of any state. */
    public long update(JobFilter filter, JobChanges changes) {
        return announced(updating.update(filter, changes));
    }

    /** Changes one job of any state. */
    public Optional<Job> update(long id, JobChanges changes) {
        return announced(updating.update(id, changes));
    }

    /** Changes one job of any state by what it is. */
    public Optional<Job> update(long id, Function<? super Job, JobChanges> changes) {
        return announced(updating.update(id, changes));
    }

    private long announced(Touched touched) {
        touched.queues().forEach(notifier::announce);
        return touched.jobs();
    }

    private Optional<Job> announced(Optional<Job> changed) {
        changed.filter(job -> job.state() == JobState.AVAILABLE).ifPresent(job -> notifier.announce(job.queue()));
        return changed;
    }
}
