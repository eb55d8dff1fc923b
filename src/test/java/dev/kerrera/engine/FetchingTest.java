package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class FetchingTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));
    private static final Owner OTHER = new Owner("there", new UUID(3, 4));
    private static final Set<String> WORKERS = Set.of("A", "B");

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Fetching fetching;

    FetchingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.fetching =
                new Fetching(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
    }

    @Nested
    class Fetch {

        @Test
        void marks_the_job_as_executing_by_its_owner_and_changes_nothing_else() {
            long id = jobs.add("(worker, attempt, tags, meta, errors, attempted_by, attempted_at)"
                    + " VALUES ('A', 3, '{t}', '{\"m\": 1}', ARRAY['{\"attempt\": 1}'::jsonb], '{x,y}', '2020-01-01')");
            Map<String, String> before = jobs.row(id);

            fetch(1);

            assertThat(jobs.row(id))
                    .isEqualTo(RawJobs.changed(
                            before,
                            "state",
                            "executing",
                            "attempt",
                            "4",
                            "attempted_at",
                            "2026-01-01 12:00:00.000123",
                            "attempted_by",
                            "{here,00000000-0000-0001-0000-000000000002}"));
        }

        @Test
        void returns_the_job_as_it_now_is() {
            long id = jobs.add("(worker, args, tags, meta, scheduled_at)"
                    + " VALUES ('A', '{\"k\": 1.50}', '{t,u}', '{\"m\": 1}', '2025-11-02 01:30:00.000009')");

            Job job = fetch(1).get(0);

            assertThat(job.id()).isEqualTo(id);
            assertThat(job.state().label()).isEqualTo("executing");
            assertThat(job.attempt()).isEqualTo(1);
            assertThat(job.maxAttempts()).isEqualTo(20);
            assertThat(job.attemptedBy()).containsExactly("here", "00000000-0000-0001-0000-000000000002");
            assertThat(job.attemptedAt()).isEqualTo("2026-01-01T12:00:00.000123Z");
            assertThat(job.scheduledAt()).isEqualTo("2025-11-02T01:30:00.000009Z");
            assertThat(job.argsJson()).isEqualTo("{\"k\": 1.50}");
            assertThat(job.tags()).containsExactly("t", "u");
            assertThat(job.meta()).hasToString("{\"m\":1}");
        }

        @ParameterizedTest
        @CsvSource({
            "2026-01-01 11:59:59.999999, 2026-01-01 12:00:00.000123",
            "2026-01-01 12:00:00.000122, 2026-01-01 12:00:00.000123",
            "2026-01-01 12:00:00.000123, 2026-01-01 12:00:00.000124",
            "2026-01-01 12:00:03.5, 2026-01-01 12:00:03.500001",
            "2030-01-01 00:00:00, 2030-01-01 00:00:00.000001"
        })
        void the_moment_of_the_attempt_grows_even_when_this_nodes_clock_is_behind(String before, String after) {
            long id = jobs.add("(worker, attempted_at) VALUES ('A', '%s')".formatted(before));

            Job job = fetch(1).get(0);

            assertThat(jobs.row(id)).containsEntry("attempted_at", after);
            assertThat(job.attemptedAt()).isEqualTo(after.replace(' ', 'T') + "Z");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2026-01-01 11:00:00.000001",
                    "infinity",
                    "-infinity",
                    "294276-12-31 23:59:59.999999",
                    "4000-01-01 BC"
                })
        void goes_on_after_a_job_whatever_its_time(String time) {
            long first = add("A", 1, time);
            long later = add("A", 2, "2020-01-01");
            Job taken = fetch(1).get(0);
            add("A", 0, "2020-01-01");

            List<Job> jobs = fetching.fetch(new Demand("default", OWNER, 5, Position.of(taken)), WORKERS);

            assertThat(taken.id()).isEqualTo(first);
            assertThat(ids(jobs)).containsExactly(later);
        }

        @ParameterizedTest
        @ValueSource(strings = {"infinity", "-infinity", "294276-12-31 23:59:59.999999", "4000-01-01 BC"})
        void a_moment_that_cannot_be_is_forgotten(String moment) {
            long id = jobs.add("(worker, attempted_at) VALUES ('A', '%s')".formatted(moment));

            assertThat(ids(fetch(1))).containsExactly(id);

            assertThat(jobs.row(id)).containsEntry("attempted_at", "2026-01-01 12:00:00.000123");
        }

        @Test
        void goes_by_priority_then_schedule_then_id() {
            long fifth = add("A", 1, "2026-01-01 01:00");
            long third = add("A", 0, "2026-01-01 02:00");
            long fourth = add("B", 0, "2026-01-01 02:00");
            long second = add("A", 0, "2026-01-01 01:00");
            long first = add("A", 0, "2025-01-01 01:00");

            assertThat(ids(fetch(2))).containsExactly(first, second);
            assertThat(ids(fetch(10))).containsExactly(third, fourth, fifth);
        }

        @Test
        void takes_no_more_than_the_demand() {
            for (int i = 0; i < 5; i++) {
                add("A", 0, "2026-01-01");
            }

            assertThat(fetch(3)).hasSize(3);
            assertThat(fetch(3)).hasSize(2);
            assertThat(fetch(3)).isEmpty();
        }

        @Test
        void takes_jobs_scheduled_in_the_future_if_they_are_available() {
            long id = add("A", 0, "2099-01-01");

            assertThat(ids(fetch(1))).containsExactly(id);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"suspended", "scheduled", "executing", "retryable", "completed", "discarded", "cancelled"})
        void leaves_jobs_of_other_states_alone(String state) {
            long id = jobs.add("(worker, state) VALUES ('A', '" + state + "')");
            Map<String, String> before = jobs.row(id);

            assertThat(fetch(5)).isEmpty();

            assertThat(jobs.row(id)).isEqualTo(before);
        }

        @Test
        void leaves_jobs_of_other_queues_alone() {
            jobs.add("(worker, queue) VALUES ('A', 'mail')");

            assertThat(fetch(5)).isEmpty();
            assertThat(fetching.fetch(new Demand("mail", OWNER, 5), WORKERS)).hasSize(1);
        }

        @Test
        void leaves_jobs_of_unknown_workers_untouched_and_is_not_held_up_by_them() {
            long unknown = add("Unknown", 0, "2020-01-01");
            long known = add("A", 9, "2026-01-01");
            Map<String, String> before = jobs.row(unknown);

            assertThat(ids(fetch(1))).containsExactly(known);

            assertThat(jobs.row(unknown)).isEqualTo(before);
        }

        @Test
        void takes_nothing_when_no_worker_is_known() {
            add("A", 0, "2026-01-01");

            assertThat(fetching.fetch(new Demand("default", OWNER, 5), Set.of()))
                    .isEmpty();
        }

        @Test
        void is_not_held_up_by_jobs_without_attempts_left() {
            long exhausted = jobs.add("(worker, attempt, max_attempts, scheduled_at) VALUES ('A', 3, 3, '2020-01-01')");
            long last = jobs.add("(worker, attempt, max_attempts, scheduled_at) VALUES ('A', 2, 3, '2021-01-01')");
            Map<String, String> before = jobs.row(exhausted);

            assertThat(ids(fetch(1))).containsExactly(last);

            assertThat(jobs.row(exhausted)).isEqualTo(before);
        }

        @Test
        void passes_over_jobs_that_another_transaction_holds() throws Exception {
            long locked = add("A", 0, "2020-01-01");
            long free = add("A", 0, "2026-01-01");
            try (Connection other = schema.dataSource().getConnection()) {
                other.setAutoCommit(false);
                other.createStatement()
                        .execute("SELECT FROM " + schema.name() + ".oban_jobs WHERE id = " + locked + " FOR UPDATE");

                assertThat(ids(fetch(1))).containsExactly(free);
                assertThat(fetch(1)).isEmpty();
                other.rollback();
            }
            assertThat(ids(fetch(1))).containsExactly(locked);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "args = '[1, 2]'",
                    "args = 'null'",
                    "args = '\"text\"'",
                    "args = '1e400'",
                    "tags = NULL",
                    "tags = ARRAY[NULL, 'a']",
                    "tags = ARRAY[['a', 'b'], ['c', 'd']]",
                    "meta = NULL",
                    "meta = '[]'",
                    "meta = '{\"snoozed\": \"many\"}'",
                    "errors = ARRAY['5'::jsonb, NULL]",
                    "errors = ARRAY[ARRAY['{}'::jsonb]]",
                    "attempted_by = ARRAY[['a'], ['b']]",
                    "attempted_at = 'infinity', completed_at = '-infinity'",
                    "scheduled_at = '-infinity'",
                    "scheduled_at = 'infinity'",
                    "inserted_at = '4000-01-01 BC'",
                    "scheduled_at = '294276-12-31 23:59:59.999999'",
                    "priority = 2147483647",
                    "max_attempts = 2147483647, attempt = 2147483646",
                    "worker = 'B', queue = 'default'"
                })
        void odd_rows_are_fetched_like_others(String oddity) {
            long odd = add("A", 0, "2026-01-01");
            long other = add("A", 0, "2026-01-01");
            jobs.change(odd, oddity);

            assertThat(ids(fetch(5))).containsExactlyInAnyOrder(odd, other);
        }
    }

    @Nested
    class Concurrently {

        @Test
        void each_job_is_taken_by_one_of_many_exactly_once() throws Exception {
            jobs.run(
                    "INSERT INTO ${schema}.oban_jobs (worker, priority) SELECT 'A', n % 3 FROM generate_series(1, 2000) n");
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
                Fetching pooled = new Fetching(
                        new Jdbc(pool.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
                List<Future<List<Long>>> drained = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    Owner owner = thread % 2 == 0 ? OWNER : OTHER;
                    drained.add(threads.submit(() -> drain(pooled, owner)));
                }
                List<Long> all = new ArrayList<>();
                for (Future<List<Long>> ids : drained) {
                    all.addAll(ids.get(60, TimeUnit.SECONDS));
                }

                assertThat(all).hasSize(2000).doesNotHaveDuplicates();
                assertThat(jobs.count("state = 'executing' AND attempt = 1")).isEqualTo(2000);
                assertThat(jobs.query("SELECT DISTINCT attempted_by[1] FROM ${schema}.oban_jobs ORDER BY 1"))
                        .containsExactly("here", "there");
            } finally {
                threads.shutdownNow();
            }
        }

        private List<Long> drain(Fetching fetching, Owner owner) {
            List<Long> taken = new ArrayList<>();
            List<Job> batch = fetching.fetch(new Demand("default", owner, 7), WORKERS);
            while (!batch.isEmpty()) {
                assertThat(batch)
                        .hasSizeLessThanOrEqualTo(7)
                        .allMatch(job -> job.attemptedBy().get(0).equals(owner.node()));
                taken.addAll(ids(batch));
                batch = fetching.fetch(new Demand("default", owner, 7), WORKERS);
            }
            return taken;
        }
    }

    @Nested
    class Reclaim {

        @Test
        void gives_back_what_the_owner_holds_and_does_not_run() {
            long lost = executing("default", OWNER, 1);
            long running = executing("default", OWNER, 1);
            long others = executing("default", OTHER, 1);
            long elsewhere = executing("mail", OWNER, 1);
            Map<String, String> before = jobs.row(lost);
            List<Map<String, String>> untouched = rows(running, others, elsewhere);

            assertThat(fetching.reclaim("default", OWNER, Set.of(running))).isEqualTo(1);

            assertThat(jobs.row(lost)).isEqualTo(RawJobs.changed(before, "state", "available", "attempt", "0"));
            assertThat(rows(running, others, elsewhere)).isEqualTo(untouched);
        }

        @Test
        void leaves_what_the_owner_has_settled() {
            long id = executing("default", OWNER, 1);
            jobs.change(id, "state = 'completed'");

            assertThat(fetching.reclaim("default", OWNER, Set.of())).isZero();
            assertThat(jobs.state(id)).isEqualTo("completed");
        }

        @Test
        void never_makes_an_attempt_negative() {
            long id = executing("default", OWNER, 0);

            assertThat(fetching.reclaim("default", OWNER, Set.of())).isEqualTo(1);
            assertThat(jobs.row(id)).containsEntry("attempt", "0").containsEntry("state", "available");
        }

        private long executing(String queue, Owner owner, int attempt) {
            return jobs.add(
                    "(worker, state, queue, attempt, attempted_by) VALUES ('A', 'executing', '%s', %d, '{%s,%s}')"
                            .formatted(queue, attempt, owner.node(), owner.producer()));
        }

        private List<Map<String, String>> rows(long... ids) {
            List<Map<String, String>> rows = new ArrayList<>();
            for (long id : ids) {
                rows.add(jobs.row(id));
            }
            return rows;
        }
    }

    @Test
    void queues_with_work_are_those_with_an_available_job() {
        jobs.add("(worker, queue) VALUES ('A', 'busy')");
        jobs.add("(worker, queue) VALUES ('A', 'busy')");
        jobs.add("(worker, queue) VALUES ('A', 'unasked')");
        jobs.add("(worker, queue, state) VALUES ('A', 'later', 'scheduled')");
        jobs.add("(worker, queue, state) VALUES ('A', 'done', 'completed')");

        assertThat(fetching.queuesWithWork(List.of("busy", "later", "done", "empty", "o'dd\"")))
                .containsExactly("busy");
        assertThat(fetching.queuesWithWork(List.of())).isEmpty();
    }

    private List<Job> fetch(int demand) {
        return fetching.fetch(new Demand("default", OWNER, demand), WORKERS);
    }

    private long add(String worker, int priority, String scheduledAt) {
        return jobs.add(
                "(worker, priority, scheduled_at) VALUES ('%s', %d, '%s')".formatted(worker, priority, scheduledAt));
    }

    private static List<Long> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }
}
