package dev.kerrera.insert;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.kerrera.db.DatabaseException;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class ImporterTest {

    private static final int BATCH = 2_000;

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final InsertNode node;

    ImporterTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.node = InsertNode.plain(schema.name(), schema.dataSource(), clock);
    }

    @AfterEach
    void takes_all_again() {
        jobs.run("ALTER TABLE ${schema}.oban_jobs DROP CONSTRAINT IF EXISTS refused");
    }

    private void refuse(int number) {
        jobs.run("ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT refused CHECK (args->>'n' <> '%d')".formatted(number));
    }

    @Test
    void each_job_is_inserted_once() {
        assertThat(node.importer.insertInBatches(numbers(7_321).parallel())).isEqualTo(new BulkResult(7_321, 0));

        assertThat(jobs.query("SELECT args->>'n' FROM ${schema}.oban_jobs ORDER BY (args->>'n')::int"))
                .isEqualTo(IntStream.range(0, 7_321).mapToObj(String::valueOf).toList());
        assertThat(node.announced).hasSize(4).containsOnly("default");
    }

    @Test
    void nothing_is_an_import_too() {
        assertThat(node.importer.insertInBatches(Stream.empty())).isEqualTo(new BulkResult(0, 0));
        assertThat(node.announced).isEmpty();
    }

    @Test
    void the_first_jobs_are_committed_and_told_while_the_last_are_still_to_be_read() {
        AtomicLong seen = new AtomicLong();

        node.importer.insertInBatches(numbers(2 * BATCH).peek(job -> {
            if (seen.incrementAndGet() == BATCH + 2) {
                await().until(() -> jobs.count("true") == BATCH);
                await().until(() -> node.announced.size() == 1);
            }
        }));

        assertThat(jobs.count("true")).isEqualTo(2 * BATCH);
    }

    @Test
    void two_batches_are_written_at_a_time() throws Exception {
        NewJob unique = number(0).unique(Unique.forever());
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Job> other = holdUntilOpen(gate, unique);
        AtomicLong seen = new AtomicLong();

        BulkResult result = node.importer.insertInBatches(Stream.concat(Stream.of(unique), numbers(3 * BATCH - 1))
                .peek(job -> {
                    if (seen.incrementAndGet() == 2 * BATCH + 2) {
                        await().until(() -> jobs.count("true") == BATCH);
                        gate.countDown();
                    }
                }));

        assertThat(result).isEqualTo(new BulkResult(3 * BATCH - 1, 1));
        assertThat(other.get(20, SECONDS).isConflict()).isFalse();
        assertThat(jobs.count("true")).isEqualTo(3 * BATCH);
    }

    /** Keeps others that insert the same job waiting until the gate opens; returns when they have to. */
    private CompletableFuture<Job> holdUntilOpen(CountDownLatch gate, NewJob job) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Job> stored = CompletableFuture.supplyAsync(() -> insertBefore(gate, job, held));
        assertThat(held.await(20, SECONDS)).isTrue();
        return stored;
    }

    /** Inserts a job in a transaction that stays open until the gate opens. */
    private Job insertBefore(CountDownLatch gate, NewJob job, CountDownLatch inserted) {
        try {
            return InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
                Job stored = transaction.node().inserter.insert(job);
                inserted.countDown();
                await().until(() -> gate.getCount() == 0);
                return stored;
            });
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void those_before_an_invalid_job_are_inserted_and_none_after_it() {
        Stream<NewJob> stream =
                IntStream.range(0, 6_000).mapToObj(n -> number(n).priority(n == 4_500 ? 10 : 1));

        InvalidJobException invalid =
                catchThrowableOfType(InvalidJobException.class, () -> node.importer.insertInBatches(stream));

        assertThat(invalid).hasMessage("job 4501 of the stream: priority must be 0 to 9, was 10");
        assertThat(jobs.count("true")).isEqualTo(4_500);
        assertThat(jobs.count("args->>'n' = '4499'")).isEqualTo(1);
    }

    @Test
    void those_before_a_failure_of_the_stream_are_inserted() {
        Stream<NewJob> broken = IntStream.range(0, 3_000).mapToObj(n -> {
            if (n == 2_999) {
                throw new IllegalStateException("source dried up");
            }
            return number(n);
        });

        assertThatThrownBy(() -> node.importer.insertInBatches(broken)).hasMessage("source dried up");
        assertThat(jobs.count("true")).isEqualTo(2_999);
    }

    @Test
    void a_batch_that_the_database_refuses_is_missing_as_a_whole_and_ends_the_import() {
        refuse(5000);
        AtomicLong read = new AtomicLong();

        assertThatThrownBy(
                        () -> node.importer.insertInBatches(numbers(1_000_000).peek(job -> read.incrementAndGet())))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("refused");

        assertThat(jobs.count("(args->>'n')::int < 4000")).isEqualTo(4_000);
        assertThat(jobs.count("(args->>'n')::int >= 4000 AND (args->>'n')::int < 6000"))
                .isZero();
        assertThat(read).hasValueLessThan(100_000);
        assertThat(jobs.count("true") % BATCH).isZero();
    }

    @Test
    void what_the_database_refuses_is_told_rather_than_what_came_after_it() {
        refuse(7);

        assertThatThrownBy(() -> node.importer.insertInBatches(
                        Stream.concat(numbers(3), Stream.of(number(7), number(8).priority(10)))))
                .isInstanceOf(DatabaseException.class)
                .satisfies(failure ->
                        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(InvalidJobException.class));
        assertThat(jobs.count("true")).isZero();
    }

    @Test
    void it_returns_only_when_nothing_is_being_written_any_more() {
        refuse(7);
        Thread caller = Thread.currentThread();
        AtomicLong batches = new AtomicLong();
        CountDownLatch failed = new CountDownLatch(1);
        Importer importer = node.importer(batch -> {
            boolean first = batches.incrementAndGet() == 1;
            new Thread(() -> {
                        if (!first) {
                            await().until(() -> failed.getCount() == 0 && caller.getState() == Thread.State.WAITING);
                        }
                        batch.run();
                        failed.countDown();
                    })
                    .start();
        });

        assertThatThrownBy(() -> importer.insertInBatches(numbers(2 * BATCH + 1)))
                .hasMessageContaining("refused");
        assertThat(jobs.count("true")).isEqualTo(BATCH);
        assertThat(batches).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropped", "refused", "run at once"})
    void a_batch_that_no_thread_begins_is_written_by_the_one_that_waits(String fate) {
        Importer importer = node.importer(batch -> {
            switch (fate) {
                case "refused" -> throw new IllegalStateException("no threads");
                case "run at once" -> batch.run();
                default -> {}
            }
        });

        assertThat(importer.insertInBatches(numbers(5 * BATCH + 1))).isEqualTo(new BulkResult(5L * BATCH + 1, 0));
        assertThat(jobs.count("true")).isEqualTo(5 * BATCH + 1);
    }

    @Test
    void no_batch_is_read_long_before_the_oldest_is_written() throws Exception {
        NewJob unique = number(0).unique(Unique.forever());
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Job> other = holdUntilOpen(gate, unique);
        AtomicLong read = new AtomicLong();
        Thread importing = new Thread(() -> node.importer.insertInBatches(
                Stream.concat(Stream.of(unique), numbers(9 * BATCH)).peek(job -> read.incrementAndGet())));
        importing.start();

        await().until(() -> jobs.count("true") == BATCH && importing.getState() == Thread.State.WAITING);
        assertThat(read).hasValueLessThanOrEqualTo(3 * BATCH + 1);

        gate.countDown();
        importing.join();
        assertThat(other.get(20, SECONDS).isConflict()).isFalse();
        assertThat(jobs.count("true")).isEqualTo(9 * BATCH + 1);
    }

    @Test
    void an_interrupt_ends_it_and_those_before_are_inserted() {
        AtomicLong read = new AtomicLong();
        Stream<NewJob> endless = IntStream.iterate(0, n -> n + 1)
                .mapToObj(ImporterTest::number)
                .peek(job -> {
                    if (read.incrementAndGet() == BATCH) {
                        Thread.currentThread().interrupt();
                    }
                });

        assertThatThrownBy(() -> node.importer.insertInBatches(endless)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(jobs.count("true")).isEqualTo(BATCH);
    }

    @Test
    void heavy_jobs_make_smaller_batches() {
        Map<String, String> heavy = Map.of("text", "x".repeat(1_000_000));

        node.importer.insertInBatches(IntStream.range(0, 9).mapToObj(n -> NewJob.of("x", heavy)));

        assertThat(jobs.count("true")).isEqualTo(9);
        assertThat(node.announced).hasSize(3);
    }

    @Test
    void the_stream_is_closed_in_any_case() {
        AtomicLong closed = new AtomicLong();
        refuse(7);

        node.importer.insertInBatches(numbers(1).onClose(closed::incrementAndGet));
        assertThatThrownBy(() ->
                        node.importer.insertInBatches(Stream.of(NewJob.of("")).onClose(closed::incrementAndGet)))
                .isInstanceOf(InvalidJobException.class);
        assertThatThrownBy(() -> node.importer.insertInBatches(numbers(8).onClose(closed::incrementAndGet)))
                .isInstanceOf(DatabaseException.class);

        assertThat(closed).hasValue(3);
    }

    @Test
    void the_failure_of_the_last_batch_is_told_too() {
        refuse(7);

        assertThatThrownBy(() -> node.importer.insertInBatches(numbers(8))).hasMessageContaining("refused");
    }

    @Test
    void rules_of_uniqueness_hold_among_all_of_them() {
        Stream<NewJob> twice = IntStream.range(0, 6_000)
                .mapToObj(n -> NewJob.of("x", Map.of("n", n % 2_500)).unique(Unique.forever()));

        assertThat(node.importer.insertInBatches(twice)).isEqualTo(new BulkResult(2_500, 3_500));
        assertThat(jobs.count("true")).isEqualTo(2_500);
    }

    @Test
    void in_a_transaction_it_is_refused_and_the_remedy_named() throws SQLException {
        AtomicBoolean closed = new AtomicBoolean();
        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            assertThatThrownBy(() -> transaction
                            .node()
                            .importer
                            .insertInBatches(numbers(1).onClose(() -> closed.set(true))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use insertAll");
            return null;
        });
        assertThat(closed).isTrue();
        assertThat(jobs.count("true")).isZero();
    }

    private static Stream<NewJob> numbers(int count) {
        return IntStream.range(0, count).mapToObj(ImporterTest::number);
    }

    private static NewJob number(int n) {
        return NewJob.of("x", Map.of("n", n));
    }
}
