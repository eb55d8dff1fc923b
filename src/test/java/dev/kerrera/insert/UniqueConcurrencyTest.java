package dev.kerrera.insert;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Unique inserts of many threads and two nodes at the same time. */
@ExtendWith(PooledSchema.class)
class UniqueConcurrencyTest {

    private static final int THREADS = 32;
    private static final Unique EVER = Unique.forever();

    private final Clock clock = Clock.systemUTC();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final TestSchema schema;
    private final RawJobs jobs;
    private final List<ConnectionPool> pools;
    private final List<InsertNode> nodes;

    UniqueConcurrencyTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.pools = List.of(new ConnectionPool(schema.dataSource()), new ConnectionPool(schema.dataSource()));
        this.nodes = pools.stream()
                .map(pool -> InsertNode.plain(schema.name(), pool.dataSource(), clock))
                .toList();
    }

    @AfterEach
    void close() throws SQLException {
        threads.shutdownNow();
        for (ConnectionPool pool : pools) {
            pool.close();
        }
    }

    @Test
    void of_one_job_inserted_everywhere_at_once_there_is_one_row_in_each_period() throws Exception {
        NewJob job = NewJob.of("w", Map.of("id", 1)).unique(Unique.within(Duration.ofHours(1)));
        for (int period = 1; period <= 4; period++) {
            List<Job> answers = together(500, i -> nodes.get(i % 2).inserter.insert(job));

            List<Job> inserted =
                    answers.stream().filter(answer -> !answer.isConflict()).toList();
            assertThat(inserted).hasSize(1);
            assertThat(answers).hasSize(500).containsOnly(inserted.get(0));
            assertThat(jobs.count("true")).isEqualTo(period);
            jobs.run("UPDATE ${schema}.oban_jobs SET inserted_at = inserted_at - interval '61 minutes'");
        }
        assertThat(pools).allMatch(pool -> pool.lent() == 0);
    }

    @Test
    void rollbacks_lose_no_job_and_double_none() throws Exception {
        long seed = 20_261_121;
        Random random = new Random(seed);
        int inserts = 2_000;
        int each = 4;
        boolean[] rollsBack = new boolean[inserts];
        for (int i = 0; i < inserts; i++) {
            rollsBack[i] = random.nextInt(3) == 0;
        }

        List<Job> answers = together(
                inserts,
                i -> InsertNode.transacted(schema.name(), pools.get(i % 2).dataSource(), clock, transaction -> {
                    NewJob job = NewJob.of("w", Map.of("id", i / each)).unique(EVER);
                    Job answer = transaction.node().inserter.insert(job);
                    if (rollsBack[i]) {
                        transaction.container().setRollbackOnly();
                    }
                    return answer;
                }));

        for (int id = 0; id < inserts / each; id++) {
            List<String> rows =
                    jobs.query("SELECT id FROM ${schema}.oban_jobs WHERE args = '{\"id\": %d}'".formatted(id));
            List<String> committed = IntStream.range(id * each, (id + 1) * each)
                    .filter(i -> !rollsBack[i])
                    .mapToObj(i -> String.valueOf(answers.get(i).id()))
                    .distinct()
                    .toList();
            assertThat(rows)
                    .as("job %d of seed %d", id, seed)
                    .isEqualTo(committed)
                    .hasSizeLessThan(2);
            assertThat(IntStream.range(id * each, (id + 1) * each)
                            .filter(i -> !rollsBack[i] && !answers.get(i).isConflict()))
                    .hasSize(rows.size());
        }
        assertThat(jobs.count("true")).isPositive().isLessThanOrEqualTo(inserts / each);
    }

    @Test
    void the_second_waits_for_the_first_and_takes_its_place_when_that_rolls_back() throws Exception {
        NewJob job = NewJob.of("w").unique(EVER);
        CountDownLatch rollBack = new CountDownLatch(1);
        Future<Job> first = held(job, rollBack, true);
        await().until(() -> locksHeld() == 2);

        Future<Job> second = threads.submit(() -> nodes.get(1).inserter.insert(job));
        await().until(() -> waiting() == 1);
        assertThat(second).isNotDone();
        rollBack.countDown();

        assertThat(second.get(20, SECONDS).isConflict()).isFalse();
        assertThat(jobs.query("SELECT id FROM ${schema}.oban_jobs"))
                .containsExactly(String.valueOf(second.get().id()))
                .doesNotContain(String.valueOf(first.get(20, SECONDS).id()));
    }

    @Test
    void the_second_waits_for_the_first_and_finds_it_when_that_commits() throws Exception {
        NewJob job = NewJob.of("w").unique(EVER);
        CountDownLatch commit = new CountDownLatch(1);
        Future<Job> first = held(job, commit, false);
        await().until(() -> locksHeld() == 2);

        Future<Job> second = threads.submit(() -> nodes.get(1).inserter.insert(job));
        await().until(() -> waiting() == 1);
        commit.countDown();

        assertThat(second.get(20, SECONDS).isConflict()).isTrue();
        assertThat(second.get()).isEqualTo(first.get(20, SECONDS));
        assertThat(jobs.count("true")).isEqualTo(1);
    }

    @Test
    void other_jobs_wait_for_nobody() throws Exception {
        CountDownLatch commit = new CountDownLatch(1);
        Future<Job> first = held(NewJob.of("w", Map.of("id", 1)).unique(EVER), commit, false);
        await().until(() -> locksHeld() == 2);

        for (NewJob other : List.of(
                NewJob.of("w", Map.of("id", 1)),
                NewJob.of("w", Map.of("id", 2)).unique(EVER),
                NewJob.of("w", Map.of("id", 1)).queue("q").unique(EVER),
                NewJob.of("x", Map.of("id", 1)).unique(EVER))) {
            Future<Job> insert = threads.submit(() -> nodes.get(1).inserter.insert(other));
            assertThat(insert.get(20, SECONDS).isConflict()).isFalse();
        }
        assertThat(first).isNotDone();
        commit.countDown();
        assertThat(first.get(20, SECONDS).isConflict()).isFalse();
    }

    @Test
    void a_bulk_of_many_unique_jobs_keeps_those_of_its_worker_waiting_and_no_others() throws Exception {
        CountDownLatch commit = new CountDownLatch(1);
        Future<?> bulk = threads.submit(() ->
                InsertNode.transacted(schema.name(), pools.get(0).dataSource(), clock, transaction -> {
                    transaction
                            .node()
                            .bulk
                            .insertAll(
                                    IntStream.range(0, 1_001)
                                            .mapToObj(n -> NewJob.of("w", Map.of("n", n))
                                                    .unique(EVER)),
                                    null);
                    return awaited(commit);
                }));
        await().until(() -> locksHeld() == 1);
        Future<Job> same = threads.submit(() ->
                nodes.get(1).inserter.insert(NewJob.of("w", Map.of("n", 1_000)).unique(EVER)));
        await().until(() -> waiting() == 1);

        Future<Job> other = threads.submit(() ->
                nodes.get(1).inserter.insert(NewJob.of("x", Map.of("n", 5)).unique(EVER)));
        assertThat(other.get(20, SECONDS).isConflict()).isFalse();
        assertThat(same).isNotDone();
        commit.countDown();

        bulk.get(20, SECONDS);
        assertThat(same.get(20, SECONDS).isConflict()).isTrue();
        assertThat(jobs.count("worker = 'w'")).isEqualTo(1_001);
    }

    @Test
    void bulks_of_the_same_jobs_in_any_order_neither_double_them_nor_wait_for_each_other() throws Exception {
        int different = 300;

        List<Long> inserted = together(16, i -> {
            List<NewJob> all = new ArrayList<>(IntStream.range(0, different)
                    .mapToObj(n ->
                            NewJob.of(n % 2 == 0 ? "w" : "x", Map.of("n", n)).unique(EVER))
                    .toList());
            Collections.shuffle(all, new Random(i));
            return nodes.get(i % 2).bulk.insertAll(all, null).inserted();
        });

        assertThat(inserted.stream().mapToLong(Long::longValue).sum()).isEqualTo(different);
        assertThat(jobs.count("true")).isEqualTo(different);
    }

    /** Inserts in a transaction of the first node, and ends it when told. */
    private Future<Job> held(NewJob job, CountDownLatch end, boolean rollsBack) {
        return threads.submit(() ->
                InsertNode.transacted(schema.name(), pools.get(0).dataSource(), clock, transaction -> {
                    Job answer = transaction.node().inserter.insert(job);
                    awaited(end);
                    if (rollsBack) {
                        transaction.container().setRollbackOnly();
                    }
                    return answer;
                }));
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            if (!latch.await(30, SECONDS)) {
                throw new AssertionError("nobody let it end");
            }
            return true;
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** Does it that many times by all threads, and returns what came out in the order of the numbers. */
    private <T> List<T> together(int times, Numbered<T> action) throws Exception {
        Object[] results = new Object[times];
        AtomicInteger next = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        Callable<Void> work = () -> {
            start.await();
            for (int i = next.getAndIncrement(); i < times; i = next.getAndIncrement()) {
                results[i] = action.run(i);
            }
            return null;
        };
        List<Future<Void>> running =
                IntStream.range(0, THREADS).mapToObj(i -> threads.submit(work)).toList();
        start.countDown();
        for (Future<Void> run : running) {
            run.get(120, SECONDS);
        }
        @SuppressWarnings("unchecked") // the actions put nothing else in
        List<T> all = (List<T>) Arrays.asList(results);
        return all;
    }

    @FunctionalInterface
    private interface Numbered<T> {
        T run(int i) throws Exception;
    }

    private long locksHeld() {
        return locks("l.granted");
    }

    private long waiting() {
        return locks("NOT l.granted");
    }

    private long locks(String condition) {
        return Long.parseLong(jobs.query("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                        + " WHERE l.locktype = 'advisory' AND a.application_name = '" + schema.name() + "' AND "
                        + condition)
                .get(0));
    }
}
