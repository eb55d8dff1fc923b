package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class BulkInsertionTest {

    private static final Unique EVER = Unique.forever();

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Jdbc jdbc;
    private final UniqueInsertion unique;
    private final BulkInsertion insertion;
    private final List<Long> ids = new ArrayList<>();

    BulkInsertionTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        this.unique = new UniqueInsertion(jdbc, new Prefix(schema.name()));
        this.insertion = new BulkInsertion(jdbc, new Prefix(schema.name()), unique);
    }

    @Test
    void each_job_is_stored_as_if_it_were_inserted_alone() {
        List<NewJob> all = differentJobs();
        bulk(all.stream());

        assertAreAsInsertedAlone(all);
        assertThat(jobs.query("SELECT completed_at FROM ${schema}.oban_jobs WHERE worker = 'completed'"))
                .containsExactly("2031-02-03 04:05:06.123456", "2031-02-03 04:05:06.123456");
    }

    @Test
    void and_so_are_jobs_that_differ_in_their_args_alone() {
        for (NewJob job : differentJobs()) {
            List<NewJob> alike = List.of(job.args(Map.of("n", 1)), job, job.args(Map.of("b\\", "\"'\t{}\n\u00fc")));
            ids.clear();
            bulk(alike.stream());

            assertAreAsInsertedAlone(alike);
        }
    }

    private static List<NewJob> differentJobs() {
        Map<String, Object> args = Map.of("t", "a\"b\\c'\n\t\\N\u00fc\ud83d\ude00", "l", List.of(1, "zwei"));
        return List.of(
                NewJob.of("plain"),
                NewJob.of("whole", args)
                        .queue("mail")
                        .meta(args)
                        .priority(9)
                        .maxAttempts(3)
                        .tags("b", "a,c", "\"q\"", "back\\slash", "{}", "null", "\u00fc \ud83d\ude00", "it's")
                        .at(Instant.parse("2026-03-08T02:30:00.000001Z")),
                NewJob.of("now")
                        .queue("a 'b\\")
                        .meta(args)
                        .priority(3)
                        .maxAttempts(4)
                        .tags("b", "a,c", "\"q\"", "\\n"),
                NewJob.of("later").in(Duration.ofMinutes(1)),
                NewJob.of("early").at(Instant.parse("0001-01-01T00:00:00Z")),
                NewJob.of("last").at(Instant.parse("9999-12-31T23:59:59.999999Z")),
                NewJob.of("suspended").state(JobState.SUSPENDED),
                NewJob.of("retryable").state(JobState.RETRYABLE).at(Instant.parse("2030-01-01T00:00:00Z")),
                NewJob.of("completed").state(JobState.COMPLETED),
                NewJob.of("discarded").state(JobState.DISCARDED),
                NewJob.of("cancelled").state(JobState.CANCELLED));
    }

    private void assertAreAsInsertedAlone(List<NewJob> all) {
        Insertion alone = new Insertion(jdbc, new Prefix(schema.name()), () -> true);
        for (int i = 0; i < all.size(); i++) {
            Map<String, String> single =
                    jobs.row(alone.insert(all.get(i).resolve(clock)).id());
            Map<String, String> row = jobs.row(ids.get(i));
            if (row.get("scheduled_at").equals(row.get("inserted_at"))) {
                row = RawJobs.changed(row, "scheduled_at", single.get("scheduled_at"));
                assertThat(single.get("scheduled_at")).isEqualTo(single.get("inserted_at"));
            }
            assertThat(RawJobs.changed(row, "id", "", "inserted_at", ""))
                    .isEqualTo(RawJobs.changed(single, "id", "", "inserted_at", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_999, 2_000, 2_001, 4_500})
    void ids_come_in_the_order_of_the_jobs(int number) {
        BulkResult result = bulk(numbered(number));

        assertThat(result).isEqualTo(new BulkResult(number, 0));
        assertThat(ids).isSorted().doesNotHaveDuplicates().hasSize(number);
        assertThat(jobs.query("SELECT args->>'n' FROM ${schema}.oban_jobs ORDER BY id"))
                .isEqualTo(IntStream.range(0, number).mapToObj(String::valueOf).toList());
    }

    @Test
    void without_a_taker_ids_are_not_asked_for() {
        Bulk bulk = jdbc.together(() -> {
            Bulk begun = insertion.begin(null);
            numbered(2_500).forEach(job -> begun.add(job.resolve(clock)));
            begun.end();
            return begun;
        });

        assertThat(bulk.result()).isEqualTo(new BulkResult(2_500, 0));
        assertThat(jobs.count("true")).isEqualTo(2_500);
    }

    @Test
    void heavy_jobs_are_not_gathered_by_the_thousand() {
        String megabyte = "x".repeat(1_000_000);

        assertThat(bulk(numbered(12).map(job -> job.meta(Map.of("m", megabyte)))))
                .isEqualTo(new BulkResult(12, 0));
        assertThat(ids).isSorted().hasSize(12);
    }

    @Test
    void unique_jobs_find_those_before_them_among_the_same_and_in_the_table() {
        Job stored = unique.insert(NewJob.of("w", Map.of("n", 0)).unique(EVER).resolve(clock));

        BulkResult result = bulk(Stream.of(
                NewJob.of("w", Map.of("n", 0)).unique(EVER),
                NewJob.of("w", Map.of("n", 1)),
                NewJob.of("w", Map.of("n", 1)).unique(EVER),
                NewJob.of("w", Map.of("n", 2)).unique(EVER),
                NewJob.of("w", Map.of("n", 2)),
                NewJob.of("w", Map.of("n", 2)).unique(EVER)));

        assertThat(result).isEqualTo(new BulkResult(3, 3));
        assertThat(ids).hasSize(6);
        assertThat(ids.get(0)).isEqualTo(stored.id());
        assertThat(ids.get(2)).isEqualTo(ids.get(1));
        assertThat(ids.get(4)).isGreaterThan(ids.get(3));
        assertThat(ids.get(5)).isEqualTo(ids.get(3));
    }

    @Test
    void few_unique_jobs_keep_only_their_own_inserts_waiting() {
        jdbc.together(() -> {
            insertion.insert(drafts(numbered(1_000).map(job -> job.unique(EVER))), ids::add);
            assertThat(locks()).containsExactlyInAnyOrder("ExclusiveLock 1000", "ShareLock 1");
            return null;
        });
        assertThat(locks()).isEmpty();
    }

    @Test
    void many_unique_jobs_lock_their_workers_and_not_themselves() {
        jdbc.together(() -> {
            insertion.insert(drafts(numbered(1_001).map(job -> job.unique(EVER))), ids::add);
            assertThat(locks()).containsExactly("ExclusiveLock 1");
            return null;
        });
        assertThat(jobs.count("true")).isEqualTo(1_001);
    }

    @Test
    void few_unique_jobs_among_many_plain_ones_that_are_all_known_lock_only_themselves() {
        jdbc.together(() -> {
            insertion.insert(
                    drafts(Stream.concat(
                            numbered(2_500),
                            numbered(2).map(job -> job.unique(EVER.fields(Unique.Field.ARGS, Unique.Field.META))))),
                    ids::add);
            assertThat(locks()).containsExactlyInAnyOrder("ExclusiveLock 2", "ShareLock 1");
            return null;
        });
    }

    @Test
    void a_stream_of_unknown_length_locks_workers_as_they_come() {
        jdbc.together(() -> {
            Bulk bulk = insertion.begin(ids::add);
            numbered(2_000).forEach(job -> bulk.add(job.unique(EVER).resolve(clock)));
            assertThat(locks()).isEmpty();
            bulk.add(NewJob.of("second").unique(EVER).resolve(clock));
            assertThat(locks()).containsExactly("ExclusiveLock 1");
            bulk.end();
            assertThat(locks()).containsExactly("ExclusiveLock 2");
            return null;
        });
        assertThat(ids).hasSize(2_001).isSorted();
    }

    @Test
    void few_unique_jobs_of_a_stream_of_two_thousand_lock_only_themselves() {
        jdbc.together(() -> {
            Bulk bulk = insertion.begin(ids::add);
            numbered(1_000).forEach(job -> bulk.add(job.unique(EVER).resolve(clock)));
            numbered(1_000).forEach(job -> bulk.add(job.resolve(clock)));
            bulk.end();
            assertThat(locks()).containsExactlyInAnyOrder("ExclusiveLock 1000", "ShareLock 1");
            return null;
        });
        assertThat(ids).hasSize(2_000).isSorted();
    }

    @Test
    void many_unique_jobs_of_such_a_stream_lock_their_workers() {
        jdbc.together(() -> {
            Bulk bulk = insertion.begin(ids::add);
            numbered(1_001).forEach(job -> bulk.add(job.unique(EVER).resolve(clock)));
            bulk.end();
            assertThat(locks()).containsExactly("ExclusiveLock 1");
            return null;
        });
        assertThat(ids).hasSize(1_001).isSorted();
    }

    @Test
    void queues_of_available_jobs_are_to_be_woken_once_each() {
        Job stored = unique.insert(NewJob.of("w").queue("found").unique(EVER).resolve(clock));
        Job executing = unique.insert(NewJob.of("w").queue("busy").unique(EVER).resolve(clock));
        jobs.change(executing.id(), "state = 'executing'");

        Bulk bulk = jdbc.together(() -> insertion.insert(
                drafts(Stream.of(
                        NewJob.of("w").queue("a"),
                        NewJob.of("w").queue("b").in(Duration.ZERO),
                        NewJob.of("w").queue("a"),
                        NewJob.of("w").queue("c").state(JobState.COMPLETED),
                        NewJob.of("w").queue("d").unique(EVER),
                        NewJob.of("w").queue("busy").unique(EVER),
                        NewJob.of("w").queue("found").unique(EVER))),
                null));

        assertThat(bulk.wakes()).containsExactly("a", "d", "found");
        assertThat(stored.queue()).isEqualTo("found");
    }

    @Test
    void an_isolation_level_that_does_not_see_what_was_waited_for_is_refused() {
        assertThatThrownBy(() -> jdbc.together(() -> {
                    jdbc.update("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", p -> {});
                    return insertion.insert(drafts(Stream.of(NewJob.of("w").unique(EVER))), null);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'repeatable read'");
        assertThat(jobs.count("true")).isZero();
    }

    private BulkResult bulk(Stream<NewJob> all) {
        return jdbc.together(() -> {
            Bulk bulk = insertion.begin(ids::add);
            all.forEachOrdered(job -> bulk.add(job.resolve(clock)));
            bulk.end();
            return bulk.result();
        });
    }

    private List<JobDraft> drafts(Stream<NewJob> all) {
        return all.map(job -> job.resolve(clock)).toList();
    }

    private static Stream<NewJob> numbered(int number) {
        return IntStream.range(0, number).mapToObj(n -> NewJob.of("w", Map.of("n", n)));
    }

    /** The advisory locks held in the schema, by their kind. */
    private List<String> locks() {
        return jobs.query("SELECT l.mode || ' ' || count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                + " WHERE l.locktype = 'advisory' AND a.application_name = '" + schema.name() + "' GROUP BY l.mode");
    }
}
