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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class BatchInsertTest {

    private static final int BATCH = 2_000;

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final InsertNode node;

    BatchInsertTest(TestSchema schema) {
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
        assertThat(node.batches.insertInBatches(numbers(7_321).parallel())).isEqualTo(new BulkResult(7_321, 0));

        assertThat(jobs.query("SELECT args->>'n' FROM ${schema}.oban_jobs ORDER BY (args->>'n')::int"))
                .isEqualTo(IntStream.range(0, 7_321).mapToObj(String::valueOf).toList());
        assertThat(node.announced).hasSize(4).containsOnly("default");
    }

    @Test
    void nothing_is_an_import_too() {
        assertThat(node.batches.insertInBatches(Stream.empty())).isEqualTo(new BulkResult(0, 0));
        assertThat(node.announced).isEmpty();
    }

    @Test
    void the_first_jobs_are_committed_and_told_while_the_last_are_still_to_be_read() {
        AtomicLong seen = new AtomicLong();

        node.batches.insertInBatches(numbers(2 * BATCH).peek(job -> {
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
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Job> other = CompletableFuture.supplyAsync(() -> insertBefore(gate, unique, held));
        assertThat(held.await(20, SECONDS)).isTrue();
        AtomicLong seen = new AtomicLong();

        BulkResult result = node.batches.insertInBatches(Stream.concat(Stream.of(unique), numbers(3 * BATCH - 1))
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
                catchThrowableOfType(InvalidJobException.class, () -> node.batches.insertInBatches(stream));

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

        assertThatThrownBy(() -> node.batches.insertInBatches(broken)).hasMessage("source dried up");
        assertThat(jobs.count("true")).isEqualTo(2_999);
    }

    @Test
    void a_batch_that_the_database_refuses_is_missing_as_a_whole_and_ends_the_import() {
        refuse(5000);
        AtomicLong read = new AtomicLong();

        assertThatThrownBy(() -> node.batches.insertInBatches(numbers(1_000_000).peek(job -> read.incrementAndGet())))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("refused");

        assertThat(jobs.count("(args->>'n')::int < 4000")).isEqualTo(4_000);
        assertThat(jobs.count("(args->>'n')::int >= 4000 AND (args->>'n')::int < 6000"))
                .isZero();
        assertThat(read).hasValueLessThan(100_000);
        assertThat(jobs.count("true") % BATCH).isZero();
    }

    @Test
    void the_failure_of_the_last_batch_is_told_too() {
        refuse(7);

        assertThatThrownBy(() -> node.batches.insertInBatches(numbers(8))).hasMessageContaining("refused");
    }

    @Test
    void rules_of_uniqueness_hold_among_all_of_them() {
        Stream<NewJob> twice = IntStream.range(0, 6_000)
                .mapToObj(n -> NewJob.of("x", Map.of("n", n % 2_500)).unique(Unique.forever()));

        assertThat(node.batches.insertInBatches(twice)).isEqualTo(new BulkResult(2_500, 3_500));
        assertThat(jobs.count("true")).isEqualTo(2_500);
    }

    @Test
    void in_a_transaction_it_is_refused_and_the_remedy_named() throws SQLException {
        AtomicBoolean closed = new AtomicBoolean();
        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            assertThatThrownBy(() -> transaction
                            .node()
                            .batches
                            .insertInBatches(numbers(1).onClose(() -> closed.set(true))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use insertAll");
            return null;
        });
        assertThat(closed).isTrue();
        assertThat(jobs.count("true")).isZero();
    }

    private static Stream<NewJob> numbers(int count) {
        return IntStream.range(0, count).mapToObj(BatchInsertTest::number);
    }

    private static NewJob number(int n) {
        return NewJob.of("x", Map.of("n", n));
    }
}
