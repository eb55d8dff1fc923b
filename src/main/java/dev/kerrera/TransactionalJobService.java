package dev.kerrera;

import dev.kerrera.engine.Finding;
import dev.kerrera.insert.BulkInserter;
import dev.kerrera.insert.Importer;
import dev.kerrera.insert.Inserter;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobJson;
import dev.kerrera.job.JobJsonException;
import dev.kerrera.job.JobPage;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notification;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.Subscription;
import dev.kerrera.queue.JobControl;
import dev.kerrera.queue.QueueControl;
import dev.kerrera.queue.QueueScope;
import dev.kerrera.queue.QueueStart;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The service over the rooms of one instance. */
final class TransactionalJobService implements JobService {

    private final Inserter inserter;
    private final BulkInserter bulkInserter;
    private final Importer importer;
    private final JobControl control;
    private final QueueControl queues;
    private final Finding finding;
    private final Notifier notifier;

    TransactionalJobService(
            Inserter inserter,
            BulkInserter bulkInserter,
            Importer importer,
            JobControl control,
            QueueControl queues,
            Finding finding,
            Notifier notifier) {
        this.inserter = inserter;
        this.bulkInserter = bulkInserter;
        this.importer = importer;
        this.control = control;
        this.queues = queues;
        this.finding = finding;
        this.notifier = notifier;
    }

    @Override
    public Job insert(NewJob job) {
        return inserter.insert(job);
    }

    @Override
    public <A> Job insert(Class<? extends Worker<A>> worker, A args, UnaryOperator<NewJob> options) {
        return inserter.insert(options.apply(inserter.jobFor(worker, args)));
    }

    @Override
    public boolean cancel(long id) {
        return cancelAll(one(id)) == 1;
    }

    @Override
    public long cancelAll(JobFilter filter) {
        return control.cancel(filter);
    }

    @Override
    public boolean retry(long id) {
        return retryAll(one(id)) == 1;
    }

    @Override
    public long retryAll(JobFilter filter) {
        return control.retry(filter);
    }

    @Override
    public boolean delete(long id) {
        return deleteAll(one(id)) == 1;
    }

    @Override
    public long deleteAll(JobFilter filter) {
        return control.delete(filter);
    }

    @Override
    public Optional<Job> update(long id, JobChanges changes) {
        return control.update(id, changes);
    }

    @Override
    public Optional<Job> update(long id, Function<? super Job, JobChanges> changes) {
        return control.update(id, changes);
    }

    @Override
    public long updateAll(JobFilter filter, JobChanges changes) {
        return control.update(filter, changes);
    }

    @Override
    public Optional<Job> find(long id) {
        return finding.find(id);
    }

    @Override
    public JobPage find(JobQuery query) {
        return finding.find(query);
    }

    @Override
    public long count(JobFilter filter) {
        return finding.count(filter);
    }

    @Override
    public BulkResult insertAll(Collection<NewJob> jobs) {
        return bulkInserter.insertAll(jobs, null);
    }

    @Override
    public BulkResult insertAll(Collection<NewJob> jobs, LongConsumer ids) {
        return bulkInserter.insertAll(jobs, Objects.requireNonNull(ids, "ids"));
    }

    @Override
    public BulkResult insertAll(Stream<NewJob> jobs) {
        return bulkInserter.insertAll(jobs, null);
    }

    @Override
    public BulkResult insertAll(Stream<NewJob> jobs, LongConsumer ids) {
        return bulkInserter.insertAll(jobs, Objects.requireNonNull(ids, "ids"));
    }

    @Override
    public BulkResult insertInBatches(Stream<NewJob> jobs) {
        return importer.insertInBatches(jobs);
    }

    @Override
    public void pauseQueue(String queue, QueueScope scope) {
        queues.pause(queue, scope);
    }

    @Override
    public void resumeQueue(String queue, QueueScope scope) {
        queues.resume(queue, scope);
    }

    @Override
    public void pauseAllQueues(QueueScope scope) {
        queues.pauseAll(scope);
    }

    @Override
    public void resumeAllQueues(QueueScope scope) {
        queues.resumeAll(scope);
    }

    @Override
    public void scaleQueue(String queue, int limit, QueueScope scope) {
        queues.scale(queue, limit, scope);
    }

    @Override
    public void startQueue(QueueStart start, QueueScope scope) {
        queues.start(start, scope);
    }

    @Override
    public void stopQueue(String queue, QueueScope scope) {
        queues.stop(queue, scope);
    }

    @Override
    public Optional<QueueStatus> checkQueue(String queue) {
        return queues.check(queue);
    }

    @Override
    public List<QueueStatus> checkAllQueues() {
        return queues.checkAll();
    }

    @Override
    public void publish(String channel, Map<String, ?> payload) {
        notifier.publish(channel, object(payload));
    }

    @Override
    public void publish(String channel, Collection<? extends Map<String, ?>> payloads) {
        notifier.publish(
                channel, payloads.stream().map(TransactionalJobService::object).toList());
    }

    @Override
    public Subscription listen(String channel, Consumer<? super Notification> listener) {
        return notifier.listen(channel, Objects.requireNonNull(listener, "listener"));
    }

    private static JobFilter one(long id) {
        return JobFilter.all().ids(id);
    }

    private static JsonObject object(Map<String, ?> payload) {
        try {
            return JobJson.object(JobJson.write(payload));
        } catch (JobJsonException unwritable) {
            throw new IllegalArgumentException(
                    "payload cannot be written as a JSON object: " + unwritable.getMessage(), unwritable);
        }
    }
}
