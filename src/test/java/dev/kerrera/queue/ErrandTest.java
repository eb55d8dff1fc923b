package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Demand;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.JointFetching;
import dev.kerrera.engine.Owner;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever waits for another here waits longer than a test may take. */
@ExtendWith(PooledSchema.class)
@Timeout(30)
class ErrandTest {

    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final Duration LATELY = Duration.ofMillis(200);

    private final RawJobs jobs;
    private final Errand errand;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ErrandTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        errand = new Errand(
                new Fetching(jdbc, prefix, Clock.systemUTC()),
                new JointFetching(jdbc, prefix, Clock.systemUTC()),
                FOR_EVER,
                LATELY,
                FOR_EVER);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private long add(String queue) {
        return jobs.add("(queue, worker) VALUES ('%s', 'W')".formatted(queue));
    }

    private List<Long> fetch(String queue, boolean patient) {
        Demand demand = new Demand(queue, new Owner("here", UUID.randomUUID()), 5);
        return errand.fetch(demand, patient, Set.of("W")).stream().map(Job::id).toList();
    }

    private Future<List<Long>> fetching(String queue, boolean patient) {
        return threads.submit(() -> fetch(queue, patient));
    }

    @Test
    void one_that_is_alone_does_not_wait_for_company() {
        fetch("a", false);
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > LATELY.toNanos());
        long job = add("a");

        assertThat(fetch("a", true)).containsExactly(job);
        assertThat(fetch("a", true)).isEmpty();
    }

    @Test
    void where_another_has_asked_lately_it_is_waited_for_and_whoever_comes_fetches_for_both() throws Exception {
        long a = add("a");
        long b = add("b");
        fetch("c", false);

        Future<List<Long>> patient = fetching("a", true);
        await().until(() -> errand.waiting() == 1);
        assertThat(fetch("b", false)).containsExactly(b);

        assertThat(patient.get(20, SECONDS)).containsExactly(a);
    }
}
