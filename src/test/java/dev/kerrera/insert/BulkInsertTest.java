package dev.kerrera.insert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.WorkerDefinition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class BulkInsertTest {

    private static final WorkerDefinition MAILER =
            InsertNode.worker("mailer", new JobDefaults("mail", 7, 3, List.of("out"), Unique.forever(), null));

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final List<Long> ids = new ArrayList<>();
    private final TestSchema schema;
    private final RawJobs jobs;
    private final InsertNode node;

    BulkInsertTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.node = InsertNode.plain(schema.name(), schema.dataSource(), clock, MAILER);
    }

    @Test
    void workers_defaults_hold_for_each_job() {
        node.bulk.insertAll(List.of(NewJob.of("mailer"), NewJob.of("other")), ids::add);

        assertThat(jobs.row(ids.get(0)))
                .containsEntry("queue", "mail")
                .containsEntry("max_attempts", "7")
                .containsEntry("priority", "3")
                .containsEntry("tags", "{out}");
        assertThat(jobs.row(ids.get(1))).containsEntry("queue", "default").containsEntry("max_attempts", "20");
    }

    @Test
    void a_job_that_is_there_already_gives_the_id_of_the_stored_one() {
        NewJob one = NewJob.of("mailer", Map.of("n", 1));
        long stored = node.inserter.insert(one).id();

        assertThat(node.bulk.insertAll(Stream.of(one, one.args(Map.of("n", 2)), one, NewJob.of("x")), ids::add))
                .isEqualTo(new BulkResult(2, 2))
                .extracting(BulkResult::total)
                .isEqualTo(4L);
        assertThat(ids.get(0)).isEqualTo(stored).isEqualTo(ids.get(2));
        assertThat(ids).hasSize(4).contains(stored);
    }

    @Test
    void nothing_is_a_bulk_too() {
        assertThat(node.bulk.insertAll(List.of(), null)).isEqualTo(new BulkResult(0, 0));
        assertThat(node.bulk.insertAll(Stream.empty(), ids::add)).isEqualTo(new BulkResult(0, 0));
        assertThat(node.announced).isEmpty();
    }

    @Test
    void each_queue_is_told_once() {
        node.bulk.insertAll(
                IntStream.range(0, 2_500)
                        .mapToObj(n -> NewJob.of("x", Map.of("n", n)).queue(n % 2 == 0 ? "even" : "odd")),
                null);

        assertThat(node.announced).containsExactly("even", "odd");
    }

    @Test
    void no_queue_is_told_before_the_jobs_can_be_seen() {
        List<Long> seen = new ArrayList<>();
        InsertNode watched = InsertNode.plain(schema.name(), schema.dataSource(), clock);
        watched.onAnnouncement(queue -> seen.add(jobs.count("queue = '" + queue + "'")));

        watched.bulk.insertAll(
                Stream.of(NewJob.of("x").queue("a"), NewJob.of("x").queue("a")), null);

        assertThat(seen).containsExactly(2L);
    }

    @Test
    void a_transactions_queues_are_told_after_its_commit_and_never_after_a_rollback() throws SQLException {
        AtomicReference<InsertNode> used = new AtomicReference<>();
        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            used.set(transaction.node());
            transaction.node().bulk.insertAll(Stream.of(NewJob.of("x"), NewJob.of("x")), null);
            transaction
                    .node()
                    .bulk
                    .insertAll(List.of(NewJob.of("x"), NewJob.of("y").queue("q")), null);
            assertThat(transaction.node().announced).isEmpty();
            return null;
        });
        assertThat(used.get().announced).containsExactly("default", "q");
        assertThat(jobs.count("true")).isEqualTo(4);

        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            used.set(transaction.node());
            transaction.node().bulk.insertAll(Stream.of(NewJob.of("x")), null);
            transaction.container().setRollbackOnly();
            return null;
        });
        assertThat(used.get().announced).isEmpty();
        assertThat(jobs.count("true")).isEqualTo(4);
    }

    @Test
    void an_invalid_job_names_its_position_and_nothing_is_inserted() {
        Stream<NewJob> stream = IntStream.rangeClosed(1, 3_000)
                .mapToObj(n -> NewJob.of("x", Map.of("n", n)).priority(n == 2_017 ? 10 : 1));

        InvalidJobException invalid =
                catchThrowableOfType(InvalidJobException.class, () -> node.bulk.insertAll(stream, ids::add));

        assertThat(invalid).hasMessage("job 2017 of the stream: priority must be 0 to 9, was 10");
        assertThat(invalid.position()).isEqualTo(2_017);
        assertThat(jobs.count("true")).isZero();
        assertThat(node.announced).isEmpty();
    }

    @Test
    void in_a_transaction_an_invalid_job_of_a_list_is_found_before_anything_is_written() throws SQLException {
        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            assertThatThrownBy(() -> transaction
                            .node()
                            .bulk
                            .insertAll(List.of(NewJob.of("x"), NewJob.of("x").priority(10)), ids::add))
                    .hasMessageStartingWith("job 2 of the stream");
            assertThat(transaction.container().getRollbackOnly()).isFalse();
            return null;
        });
        assertThat(ids).isEmpty();
        assertThat(jobs.count("true")).isZero();
    }

    @Test
    void in_a_transaction_an_invalid_job_of_a_stream_leaves_it_to_roll_back() throws SQLException {
        InsertNode.transacted(schema.name(), schema.dataSource(), clock, transaction -> {
            assertThatThrownBy(() -> transaction
                            .node()
                            .bulk
                            .insertAll(
                                    IntStream.rangeClosed(1, 1_500)
                                            .mapToObj(n -> NewJob.of("x").priority(n == 1_400 ? 10 : 1)),
                                    null))
                    .hasMessageStartingWith("job 1400 of the stream");
            assertThat(transaction.container().getRollbackOnly()).isTrue();
            return null;
        });
        assertThat(jobs.count("true")).isZero();
    }

    @Test
    void what_the_stream_or_the_taker_of_ids_throws_ends_it_without_a_trace() {
        Stream<NewJob> broken = IntStream.range(0, 2_000).mapToObj(n -> {
            if (n == 1_999) {
                throw new IllegalStateException("source dried up");
            }
            return NewJob.of("x");
        });
        assertThatThrownBy(() -> node.bulk.insertAll(broken, null)).hasMessage("source dried up");
        assertThatThrownBy(() -> node.bulk.insertAll(List.of(NewJob.of("x")), id -> {
                    throw new IllegalStateException("no room for " + id);
                }))
                .hasMessageStartingWith("no room for");
        assertThatThrownBy(() -> node.bulk.insertAll(Arrays.asList(NewJob.of("x"), null), null))
                .hasMessage("job 2 of the stream is null");

        assertThat(jobs.count("true")).isZero();
        assertThat(node.announced).isEmpty();
    }

    @Test
    void the_stream_is_closed_in_any_case() {
        AtomicBoolean closed = new AtomicBoolean();
        node.bulk.insertAll(Stream.of(NewJob.of("x")).onClose(() -> closed.set(true)), null);
        assertThat(closed).isTrue();

        closed.set(false);
        assertThatThrownBy(() -> node.bulk.insertAll(Stream.of(NewJob.of("")).onClose(() -> closed.set(true)), null))
                .isInstanceOf(InvalidJobException.class);
        assertThat(closed).isTrue();
    }

    @Test
    void a_parallel_stream_is_read_in_order() {
        node.bulk.insertAll(
                IntStream.range(0, 5_000).parallel().mapToObj(n -> NewJob.of("x", Map.of("n", n))), ids::add);

        assertThat(jobs.query("SELECT args->>'n' FROM ${schema}.oban_jobs ORDER BY id"))
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(String::valueOf).toList());
        assertThat(ids).isSorted().hasSize(5_000);
    }

    @Test
    void all_are_inserted_at_one_moment() {
        node.bulk.insertAll(
                Stream.of(1, 2).map(n -> {
                    clock.advance(Duration.ofHours(n));
                    return NewJob.of("x").in(Duration.ofSeconds(1));
                }),
                null);

        assertThat(jobs.query("SELECT scheduled_at FROM ${schema}.oban_jobs"))
                .containsExactly("2031-02-03 04:05:07.123456", "2031-02-03 04:05:07.123456");
    }
}
