package dev.kerrera.insert;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.BulkInsertion;
import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.job.JobDefaults;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import dev.kerrera.worker.WorkerRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/** The inserters of one node, and what they announce. */
final class InsertNode {

    final List<String> announced = new CopyOnWriteArrayList<>();
    final Inserter inserter;
    final BulkInserter bulk;
    final Importer importer;
    private final Jdbc jdbc;
    private volatile Consumer<String> listener = queue -> {};

    private InsertNode(
            String schema, DataSource dataSource, Transactions transactions, Clock clock, WorkerRegistry workers) {
        jdbc = new Jdbc(dataSource, transactions);
        Prefix prefix = new Prefix(schema);
        Notifier notifier = TestNotifiers.local(TestSettings.of(schema), jdbc, transactions);
        notifier.subscribe(Channel.INSERT, message -> {
            announced.add(message.getString("queue"));
            listener.accept(message.getString("queue"));
        });
        UniqueInsertion unique = new UniqueInsertion(jdbc, prefix);
        inserter = new Inserter(new Insertion(jdbc, prefix, () -> true), unique, workers, notifier, clock);
        bulk = new BulkInserter(new BulkInsertion(jdbc, prefix, unique), jdbc, workers, notifier, clock);
        importer = importer(task -> new Thread(task).start());
    }

    /** One whose batches are written there. */
    Importer importer(Executor beside) {
        return new Importer(bulk, jdbc, beside, Runnable::run);
    }

    void onAnnouncement(Consumer<String> action) {
        listener = action;
    }

    /** One whose callers have no transaction. */
    static InsertNode plain(String schema, DataSource dataSource, Clock clock, WorkerDefinition... workers) {
        return new InsertNode(
                schema, dataSource, Transactions.none(), clock, new WorkerRegistry(Arrays.asList(workers)));
    }

    /** A worker that does nothing, and says this about its jobs. */
    static WorkerDefinition worker(String name, JobDefaults defaults) {
        return new WorkerDefinition(
                name,
                Object.class,
                Object.class,
                defaults,
                Execution.PLAIN,
                () -> new WorkerInstance((args, job) -> Outcome.ok(), () -> {}));
    }

    /**
     * Does something in a transaction of the container, which commits when it returns and rolls back when it throws or has marked
     * the transaction.
     */
    static <T> T transacted(
            String schema,
            DataSource dataSource,
            Clock clock,
            Function<InTransaction, T> work,
            WorkerDefinition... workers)
            throws SQLException {
        FakeTransactions container = new FakeTransactions();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            container.begin();
            InsertNode node = new InsertNode(
                    schema,
                    JoinedDataSource.of(dataSource, connection),
                    Transactions.of(container),
                    clock,
                    new WorkerRegistry(Arrays.asList(workers)));
            InTransaction transaction = new InTransaction(node, container);
            try {
                return work.apply(transaction);
            } catch (Throwable failure) {
                container.setRollbackOnly();
                throw failure;
            } finally {
                if (container.getRollbackOnly()) {
                    connection.rollback();
                    container.rollback();
                } else {
                    connection.commit();
                    container.commit();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    record InTransaction(InsertNode node, FakeTransactions container) {}
}
