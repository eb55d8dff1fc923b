package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Rescuing.Rescued;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class RescuingTest {

    private static final Owner DEAD = new Owner("there", new UUID(1, 2));
    private static final Owner LIVING = new Owner("here", new UUID(3, 4));
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final int MAX_DEATHS = 3;
    private static final String DIED = "** (Kerrera.OwnerDied) the node that ran this attempt gave no sign of life";

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000120Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Rescuing rescuing;
    private final Heartbeats heartbeats;

    RescuingTest(TestSchema schema) {
        this.schema = schema;
        jobs = new RawJobs(schema);
        jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        prefix = new Prefix(schema.name());
        rescuing = new Rescuing(jdbc, prefix, clock);
        heartbeats = new Heartbeats(jdbc, prefix);
    }

    @BeforeEach
    void die() {
        beat(LIVING, 0);
        beat(DEAD, 50);
    }

    @Test
    void a_job_of_a_dead_owner_goes_back_to_its_queue_with_a_note_and_keeps_everything_else() {
        long job = orphan("meta, tags, attempted_at", "'{\"k\": [1]}', '{t}', '2020-01-01'");
        Map<String, String> before = jobs.row(job);

        assertThat(rescue()).containsExactly(new Rescued(job, "default", JobState.AVAILABLE));

        assertThat(jobs.row(job))
                .isEqualTo(RawJobs.changed(
                        before,
                        "state",
                        "available",
                        "meta",
                        "{\"k\": [1], \"deaths\": 1}",
                        "errors",
                        jobs.row(job).get("errors")));
        assertThat(jobs.row(job)).containsEntry("attempt", "2");
    }

    @Test
    void the_note_has_the_form_of_every_error() {
        orphan();

        rescue();

        assertThat(jobs.query("SELECT errors[1] FROM ${schema}.oban_jobs"))
                .containsExactly(
                        "{\"at\": \"2026-01-01T12:00:00.000120Z\", \"error\": \"" + DIED + "\", \"attempt\": 2}");
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
    }

    @Test
    void earlier_errors_stay() {
        orphan("errors", "ARRAY['{\"attempt\": 1}'::jsonb]");

        rescue();

        assertThat(jobs.query("SELECT error ->> 'attempt' FROM ${schema}.oban_jobs, unnest(errors) AS error"))
                .containsExactly("1", "2");
    }

    @Test
    void deaths_are_counted_and_the_last_one_allowed_is_taken_for_poison() {
        long job = orphan("max_attempts", "20");
        for (int deaths = 1; deaths < MAX_DEATHS; deaths++) {
            assertThat(rescue()).extracting(Rescued::state).containsExactly(JobState.AVAILABLE);
            assertThat(jobs.row(job)).containsEntry("meta", "{\"deaths\": " + deaths + "}");
            jobs.change(job, "state = 'executing', attempt = attempt + 1");
        }

        assertThat(rescue()).containsExactly(new Rescued(job, "default", JobState.DISCARDED));

        assertThat(jobs.row(job))
                .containsEntry("state", "discarded")
                .containsEntry("meta", "{\"deaths\": 3}")
                .containsEntry("attempt", "4")
                .containsEntry("discarded_at", "2026-01-01 12:00:00.00012");
        assertThat(jobs.query("SELECT error ->> 'error' FROM ${schema}.oban_jobs, unnest(errors) AS error"))
                .containsExactly(DIED, DIED, "** (Kerrera.Poison) poison: 3 nodes died while they ran this job");
    }

    @Test
    void the_first_death_is_poison_where_none_is_allowed() {
        long job = orphan();

        assertThat(rescuing.rescue(SILENCE, 1)).containsExactly(new Rescued(job, "default", JobState.DISCARDED));
    }

    @Test
    void a_job_that_dies_in_its_last_attempt_is_discarded() {
        long job = orphan("max_attempts", "2");

        assertThat(rescue()).containsExactly(new Rescued(job, "default", JobState.DISCARDED));

        assertThat(jobs.row(job))
                .containsEntry("state", "discarded")
                .containsEntry("meta", "{\"deaths\": 1}")
                .containsEntry("discarded_at", "2026-01-01 12:00:00.00012");
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(DIED);
    }

    @Test
    void a_living_owner_keeps_its_jobs_however_long_they_run() {
        long job = executing(LIVING, "attempted_at", "'2001-01-01'");
        Map<String, String> before = jobs.row(job);

        assertThat(rescue()).isEmpty();

        assertThat(jobs.row(job)).isEqualTo(before);
    }

    @Test
    void an_owner_that_is_slow_to_give_a_sign_of_life_keeps_its_jobs() {
        beat(DEAD, 40);
        long job = orphan();
        Map<String, String> before = jobs.row(job);

        assertThat(rescue()).isEmpty();
        assertThat(jobs.row(job)).isEqualTo(before);

        beat(DEAD, 50);
        assertThat(rescue()).hasSize(1);
    }

    @Test
    void an_owner_that_wakes_up_before_its_rescue_keeps_its_jobs() {
        orphan();

        beat(DEAD, 0);

        assertThat(rescue()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'{elixir,0190a7c2-0000-7000-8000-000000000001}'",
                "'{there,worker}'",
                "'{there}'",
                "'{}'",
                "NULL",
                "ARRAY['there', NULL]",
                "ARRAY['00000000-0000-0001-0000-000000000002', 'there']",
                "ARRAY[['there', '00000000-0000-0001-0000-000000000002'], ['a', 'b']]"
            })
    void owners_that_keep_no_heartbeat_are_left_alone(String attemptedBy) {
        long job = jobs.add("(worker, state, attempt, attempted_at, attempted_by)"
                + " VALUES ('A', 'executing', 1, '2001-01-01', " + attemptedBy + ")");
        Map<String, String> before = jobs.row(job);

        assertThat(rescue()).isEmpty();

        assertThat(jobs.row(job)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"available", "suspended", "scheduled", "retryable", "completed", "discarded", "cancelled"})
    void jobs_that_do_not_run_are_left_alone(String state) {
        long job = orphan();
        jobs.change(job, "state = '" + state + "'");
        Map<String, String> before = jobs.row(job);

        assertThat(rescue()).isEmpty();

        assertThat(jobs.row(job)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "NULL                                | {\"deaths\": 1}                  | available",
                "'{}'                                | {\"deaths\": 1}                  | available",
                "'{\"a\": null, \"deaths\": 1}'      | {\"a\": null, \"deaths\": 2}     | available",
                "'{\"deaths\": \"many\"}'            | {\"deaths\": 1}                  | available",
                "'{\"deaths\": null}'                | {\"deaths\": 1}                  | available",
                "'{\"deaths\": [7]}'                 | {\"deaths\": 1}                  | available",
                "'{\"deaths\": -7}'                  | {\"deaths\": -6}                 | available",
                "'{\"deaths\": 1e30}'                | {\"deaths\": 1000000000000000000000000000001} | discarded",
                "'[1]'                               | [1, {\"deaths\": 1}]             | available",
                "'5'                                 | [5, {\"deaths\": 1}]             | available",
                "'null'                              | [null, {\"deaths\": 1}]          | available",
                "'\"text\"'                          | [\"text\", {\"deaths\": 1}]      | available"
            })
    void whatever_meta_holds_the_job_is_rescued(String meta, String expected, String state) {
        long job = orphan("meta", meta);

        assertThat(rescue()).hasSize(1);

        assertThat(jobs.row(job)).containsEntry("meta", expected).containsEntry("state", state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "errors = ARRAY['5'::jsonb, NULL]",
                "errors = ARRAY[ARRAY['{}'::jsonb], ARRAY['{}'::jsonb]]",
                "args = '[1, 2]'",
                "tags = NULL",
                "attempt = 0",
                "attempted_at = NULL",
                "attempted_at = 'infinity'",
                "scheduled_at = '-infinity'",
                "attempted_by = attempted_by || 'nonce'::text",
                "queue = 'elsewhere'"
            })
    void odd_rows_are_rescued_like_others(String oddity) {
        long odd = orphan();
        long other = orphan();
        jobs.change(odd, oddity);

        assertThat(rescue()).extracting(Rescued::id).containsExactlyInAnyOrder(odd, other);

        assertThat(jobs.state(odd)).isEqualTo("available");
        assertThat(jobs.query("SELECT errors[array_upper(errors, 1)] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(DIED, DIED);
    }

    @Test
    void the_run_of_a_rescued_job_is_fenced_and_so_is_the_one_before_among_its_own() {
        jobs.add("(worker) VALUES ('A')");
        Fetching fetching = new Fetching(jdbc, prefix, clock);
        Acknowledgement acknowledgement = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true));
        Job first = fetching.fetch(new Demand("default", DEAD, 1), Set.of("A")).get(0);
        rescue();
        assertThat(acknowledgement.settle(first, DEAD, new Settlement.Complete()))
                .isFalse();
        assertThat(new Custody(jdbc, prefix).lost(List.of(first))).containsExactly(first);

        Job second = fetching.fetch(new Demand("default", DEAD, 1), Set.of("A")).get(0);

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(acknowledgement.settle(first, DEAD, new Settlement.Complete()))
                .isFalse();
        assertThat(new Custody(jdbc, prefix).lost(List.of(first, second))).containsExactly(first);
        assertThat(acknowledgement.settle(second, DEAD, new Settlement.Complete()))
                .isTrue();
    }

    @Test
    void a_row_that_another_transaction_holds_is_rescued_next_time() throws Exception {
        long held = orphan();
        long free = orphan();
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("SELECT FROM " + schema.name() + ".oban_jobs WHERE id = " + held + " FOR UPDATE");

            assertThat(rescue()).extracting(Rescued::id).containsExactly(free);
            other.rollback();
        }
        assertThat(rescue()).extracting(Rescued::id).containsExactly(held);
    }

    @Test
    void some_are_left_out_and_some_are_rescued_alone() {
        long first = orphan();
        long second = orphan();
        long third = orphan();
        long running = executing(LIVING, "queue", "'default'");
        Batch<List<Rescued>> silent = rescuing.silent(SILENCE, MAX_DEATHS);

        assertThat(silent.find(List.of())).containsExactly(first, second, third);
        assertThat(silent.find(List.of(first))).containsExactly(second, third);
        assertThat(silent.runFor(List.of(second, running, -1L)))
                .extracting(Rescued::id)
                .containsExactly(second);
        assertThat(silent.run(List.of(first))).extracting(Rescued::id).containsExactly(third);
        assertThat(jobs.state(first)).isEqualTo("executing");
        assertThat(jobs.state(running)).isEqualTo("executing");
    }

    /** A sign may be written and wait for its commit, as for a replica that is gone. Who only reads does not notice. */
    @Test
    void a_look_is_a_write() {
        String locked = "SELECT uuid FROM ${schema}.kerrera_producers WHERE xmax <> 0";
        assertThat(jobs.query(locked)).isEmpty();

        rescuing.look();

        assertThat(jobs.query(locked)).hasSize(1);
    }

    @Test
    void a_look_is_in_no_signs_way_and_no_sign_in_its_own() {
        Jdbc another = new Jdbc(schema.dataSource(), Transactions.none());
        List<Heartbeats.Living> all = List.of(
                new Heartbeats.Living(LIVING.producer(), "default", 5, false),
                new Heartbeats.Living(DEAD.producer(), "default", 5, false));
        jdbc.together(() -> {
            rescuing.look();
            new Heartbeats(another, prefix).beat("Oban", "here", all);
            return true;
        });
        jdbc.together(() -> {
            heartbeats.beat("Oban", "here", all);
            new Rescuing(another, prefix, clock).look();
            return true;
        });
    }

    @Test
    void each_job_is_rescued_by_one_of_many_exactly_once() throws Exception {
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, attempt, attempted_by)"
                + " SELECT 'A', 'executing', 1, ARRAY['there', '%s'] FROM generate_series(1, 2000)"
                        .formatted(DEAD.producer()));
        int rescuers = 4;
        CyclicBarrier together = new CyclicBarrier(rescuers);
        ExecutorService threads = Executors.newFixedThreadPool(rescuers);
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            Rescuing pooled = new Rescuing(new Jdbc(pool.dataSource(), Transactions.none()), prefix, clock);
            Callable<List<Rescued>> rescue = () -> {
                together.await(20, TimeUnit.SECONDS);
                return pooled.rescue(SILENCE, MAX_DEATHS);
            };
            List<Future<List<Rescued>>> calls = new ArrayList<>();
            for (int i = 0; i < rescuers; i++) {
                calls.add(threads.submit(rescue));
            }
            List<Long> rescued = new ArrayList<>();
            for (Future<List<Rescued>> call : calls) {
                call.get(30, TimeUnit.SECONDS).forEach(job -> rescued.add(job.id()));
            }

            assertThat(rescued).hasSize(2000).doesNotHaveDuplicates();
            assertThat(jobs.count("state = 'available' AND meta = '{\"deaths\": 1}' AND cardinality(errors) = 1"))
                    .isEqualTo(2000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void the_dead_are_forgotten_once_they_have_no_jobs_any_more() {
        long job = orphan();

        rescuing.forget(SILENCE);
        assertThat(producers()).containsExactlyInAnyOrder(DEAD.producer(), LIVING.producer());

        jobs.change(job, "state = 'available'");
        rescuing.forget(SILENCE);
        assertThat(producers()).containsExactly(LIVING.producer());
    }

    private List<Rescued> rescue() {
        return rescuing.rescue(SILENCE, MAX_DEATHS);
    }

    private void beat(Owner owner, int secondsAgo) {
        heartbeats.beat("Oban", owner.node(), List.of(new Heartbeats.Living(owner.producer(), "default", 5, false)));
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '%d s' WHERE uuid = '%s'"
                .formatted(secondsAgo, owner.producer()));
    }

    private List<UUID> producers() {
        return jobs.query("SELECT uuid FROM ${schema}.kerrera_producers").stream()
                .map(UUID::fromString)
                .toList();
    }

    private long orphan() {
        return orphan("queue", "'default'");
    }

    private long orphan(String column, String value) {
        return executing(DEAD, column, value);
    }

    private long executing(Owner owner, String columns, String values) {
        return jobs.add("(worker, state, attempt, attempted_by, %s) VALUES ('A', 'executing', 2, '{%s,%s}', %s)"
                .formatted(columns, owner.node(), owner.producer(), values));
    }
}
