package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class CompletingTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));
    private static final Owner OTHER = new Owner("here", new UUID(3, 4));

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000000Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Fetching fetching;
    private final Completing completing;
    private final Jdbc jdbc;
    private final Prefix prefix;

    CompletingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        this.prefix = new Prefix(schema.name());
        this.fetching = new Fetching(jdbc, prefix, clock);
        this.completing = new Completing(jdbc, prefix, clock, new ResultSettings(false, true));
    }

    private List<Completing.Run> fetch(Owner owner, String queue, int count) {
        for (int i = 0; i < count; i++) {
            jobs.add("(worker, queue) VALUES ('A', '%s')".formatted(queue));
        }
        return fetching.fetch(new Demand(queue, owner, count), Set.of("A")).stream()
                .map(job -> new Completing.Run(job, owner))
                .toList();
    }

    @Test
    void completes_the_jobs_of_several_producers_and_fetches_in_whatever_order_they_ended() {
        List<Completing.Run> runs = new ArrayList<>(fetch(OWNER, "a", 3));
        clock.advance(Duration.ofSeconds(1));
        runs.addAll(fetch(OWNER, "a", 2));
        runs.addAll(fetch(OTHER, "b", 2));
        Collections.reverse(runs);
        clock.advance(Duration.ofSeconds(1));

        assertThat(completing.completeAll(runs)).hasSize(7);

        assertThat(runs)
                .allSatisfy(run -> assertThat(jobs.row(run.job().id()))
                        .containsEntry("state", "completed")
                        .containsEntry("completed_at", "2026-01-01 12:00:02")
                        .containsEntry("attempt", "1")
                        .containsEntry(
                                "attempted_by",
                                "{here,%s}".formatted(run.owner().producer())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'cancelled'",
                "attempt = 2",
                "attempted_by = '{there,00000000-0000-0001-0000-000000000002}'",
                "attempted_by = '{here,00000000-0000-0003-0000-000000000004}'",
                "attempted_by = NULL",
                "attempted_at = attempted_at + interval '1 microsecond'"
            })
    void leaves_alone_what_no_longer_belongs_to_its_run(String change) {
        List<Completing.Run> runs = fetch(OWNER, "a", 2);
        long lost = runs.get(1).job().id();
        jobs.run("UPDATE ${schema}.oban_jobs SET %s WHERE id = %d".formatted(change, lost));

        assertThat(completing.completeAll(runs))
                .containsExactly(runs.get(0).job().id());

        assertThat(jobs.state(runs.get(0).job().id())).isEqualTo("completed");
        assertThat(jobs.row(lost)).containsEntry("completed_at", null);
    }

    @Test
    void a_moment_of_one_job_is_no_key_to_another() {
        Completing.Run first = fetch(OWNER, "a", 1).get(0);
        clock.advance(Duration.ofSeconds(1));
        Completing.Run second = fetch(OWNER, "a", 1).get(0);
        Job stale = first.job();
        jobs.run(
                "UPDATE ${schema}.oban_jobs SET attempted_at = (SELECT attempted_at FROM ${schema}.oban_jobs WHERE id = %d) WHERE id = %d"
                        .formatted(second.job().id(), stale.id()));

        assertThat(completing.completeAll(List.of(first, second)))
                .containsExactly(second.job().id());

        assertThat(jobs.state(stale.id())).isEqualTo("executing");
    }

    @Test
    void a_row_that_somebody_holds_is_not_waited_for() throws Exception {
        List<Completing.Run> runs = fetch(OWNER, "a", 3);
        try (Connection holder = schema.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT 1 FROM %s.oban_jobs WHERE id = %d FOR UPDATE"
                    .formatted(schema.name(), runs.get(1).job().id()));

            assertThatThrownBy(() -> completing.completeAll(runs))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("lock timeout");
            holder.rollback();
        }

        assertThat(runs.stream().map(run -> jobs.state(run.job().id()))).containsOnly("executing");
        assertThat(completing.completeAll(runs)).hasSize(3);
    }

    @Test
    void a_table_that_somebody_locks_is_waited_for() throws Exception {
        List<Completing.Run> runs = fetch(OWNER, "a", 3);
        try (Connection holder = schema.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE %s.oban_jobs IN SHARE MODE".formatted(schema.name()));

            CompletableFuture<List<Long>> completed = CompletableFuture.supplyAsync(() -> completing.completeAll(runs));
            await().during(Duration.ofMillis(300)).until(() -> !completed.isDone());
            holder.rollback();

            assertThat(completed.get(20, TimeUnit.SECONDS)).hasSize(3);
        }
    }

    @Test
    void where_completed_jobs_are_not_kept_they_are_deleted_and_others_are_not() {
        List<Completing.Run> runs = fetch(OWNER, "a", 3);
        long lost = runs.get(1).job().id();
        jobs.run("UPDATE ${schema}.oban_jobs SET attempt = 2 WHERE id = %d".formatted(lost));
        Completing deleting = new Completing(jdbc, prefix, clock, new ResultSettings(true, true));

        assertThat(deleting.completeAll(runs))
                .containsExactly(runs.get(0).job().id(), runs.get(2).job().id());

        assertThat(jobs.count("true")).isEqualTo(1);
        assertThat(jobs.state(lost)).isEqualTo("executing");
    }

    @Test
    void one_that_cannot_be_deleted_because_others_refer_to_it_is_kept_as_completed() {
        Completing.Run run = fetch(OWNER, "a", 1).get(0);
        jobs.run("CREATE TABLE ${schema}.referring (job bigint REFERENCES ${schema}.oban_jobs)");
        try {
            jobs.run("INSERT INTO ${schema}.referring VALUES (%d)"
                    .formatted(run.job().id()));
            Acknowledgement deleting = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(true, true));

            assertThat(deleting.settle(run.job(), run.owner(), new Settlement.Complete()))
                    .isTrue();

            assertThat(jobs.state(run.job().id())).isEqualTo("completed");
            assertThat(deleting.isSettled(run.job(), run.owner(), new Settlement.Complete()))
                    .isTrue();
        } finally {
            jobs.run("DROP TABLE ${schema}.referring");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, on", "false, off"})
    void completions_are_as_durable_as_they_are_meant_to_be(boolean durable, String expected) {
        jobs.run("CREATE TABLE ${schema}.noted (durability text)");
        jobs.run("""
                CREATE FUNCTION ${schema}.note() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                    INSERT INTO ${schema}.noted VALUES (current_setting('synchronous_commit'));
                    RETURN NULL;
                END$$""");
        try {
            List<Completing.Run> runs = fetch(OWNER, "a", 1);
            jobs.run("CREATE TRIGGER note AFTER UPDATE ON ${schema}.oban_jobs EXECUTE FUNCTION ${schema}.note()");

            jdbc.together(() -> {
                jdbc.query("SELECT set_config('synchronous_commit', 'on', true)", p -> {}, row -> row.text());
                return new Completing(jdbc, prefix, clock, new ResultSettings(false, durable)).completeAll(runs);
            });

            assertThat(jobs.query("SELECT durability FROM ${schema}.noted")).containsExactly(expected);
        } finally {
            jobs.run("DROP FUNCTION ${schema}.note() CASCADE");
            jobs.run("DROP TABLE ${schema}.noted");
        }
    }
}
