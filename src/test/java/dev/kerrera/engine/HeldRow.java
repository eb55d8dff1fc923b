package dev.kerrera.engine;

import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Another transaction that has changed a row and not committed yet. */
final class HeldRow {

    private HeldRow() {}

    /** Begins the statement while the change is not committed, commits it once the statement waits, and returns its result. */
    static <T> T changedWhile(TestSchema schema, String change, Callable<T> statement) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute(change.replace("${schema}", schema.name()));
            Future<T> result = thread.submit(statement);
            Awaitility.await("statement waits").until(() -> result.isDone() || waits(schema));
            if (result.isDone()) {
                throw new AssertionError("the statement did not wait: " + result.get());
            }
            other.commit();
            return result.get(20, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
    }

    private static boolean waits(TestSchema schema) {
        return !new RawJobs(schema)
                .query("SELECT pid FROM pg_stat_activity WHERE application_name = '" + schema.name()
                        + "' AND wait_event_type = 'Lock'")
                .isEmpty();
    }
}
