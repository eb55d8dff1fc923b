package dev.kerrera.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
import dev.kerrera.job.Unique.Field;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import jakarta.json.Json;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class UniqueInsertionTest {

    private static final Unique EVER = Unique.forever();

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final UniqueInsertion insertion;

    UniqueInsertionTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.insertion = in(new Jdbc(schema.dataSource(), Transactions.none()));
    }

    @Test
    void the_first_is_inserted_as_any_other_job() {
        Job job = insert(NewJob.of("w", Map.of("a", 1))
                .queue("q")
                .tags("t")
                .meta(Map.of("m", 1))
                .priority(3)
                .maxAttempts(4)
                .in(Duration.ofSeconds(1))
                .unique(EVER));

        assertThat(job.isConflict()).isFalse();
        assertThat(job.tags()).containsExactly("t");
        assertThat(jobs.row(job.id()))
                .containsEntry("state", "scheduled")
                .containsEntry("queue", "q")
                .containsEntry("worker", "w")
                .containsEntry("args", "{\"a\": 1}")
                .containsEntry("meta", "{\"m\": 1}")
                .containsEntry("tags", "{t}")
                .containsEntry("priority", "3")
                .containsEntry("max_attempts", "4")
                .containsEntry("scheduled_at", "2031-02-03 04:05:07.123456");
    }

    @Test
    void the_second_is_answered_with_the_row_that_is_there() {
        Job first = insert(NewJob.of("w", Map.of("a", 1)).tags("t").priority(3).unique(EVER));
        jobs.change(first.id(), "state = 'retryable', attempt = 2, errors = ARRAY['{\"attempt\": 1}']::jsonb[]");
        Map<String, String> row = jobs.row(first.id());

        Job second = insert(NewJob.of("w", Map.of("a", 1)).priority(7).unique(EVER));

        assertThat(second.isConflict()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.state()).isEqualTo(JobState.RETRYABLE);
        assertThat(second.priority()).isEqualTo(3);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.tags()).containsExactly("t");
        assertThat(jobs.row(first.id())).isEqualTo(row);
        assertThat(jobs.count("true")).isEqualTo(1);
    }

    @Test
    void of_several_the_oldest_row_is_given() {
        long first = add("'{}'", "");
        add("'{}'", "");

        assertThat(found(NewJob.of("w").unique(EVER))).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "ARGS,   args = '{\"a\": 2}'",
        "QUEUE,  queue = 'other'",
        "WORKER, worker = 'other'",
        "META,   meta = '{\"m\": 1}'"
    })
    void a_field_that_differs_makes_a_job_another_only_when_it_is_compared(Field field, String difference) {
        long stored = add("'{\"a\": 1}'", "");
        NewJob job = NewJob.of("w", Map.of("a", 1));
        Field[] others =
                Set.of(Field.values()).stream().filter(any -> any != field).toArray(Field[]::new);
        assertThat(found(job.unique(EVER.fields(Field.values())))).isEqualTo(stored);

        jobs.change(stored, difference);

        assertThat(found(job.unique(EVER.fields(others)))).isEqualTo(stored);
        assertThat(found(job.unique(EVER.fields(field)))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void a_stored_job_counts_in_the_states_of_the_rule_and_no_others(JobState state) {
        long stored = add("'{}'", state.label());

        assertThat(found(NewJob.of("w").unique(EVER.states(state)))).isEqualTo(stored);
        assertThat(found(NewJob.of("w").unique(EVER.states(JobState.all())))).isEqualTo(stored);
        Set<JobState> others = new HashSet<>(JobState.all());
        others.remove(state);
        assertThat(found(NewJob.of("w").unique(EVER.states(others)))).isNull();
    }

    @Test
    void by_default_discarded_and_cancelled_jobs_do_not_count() {
        add("'{}'", "discarded");
        add("'{}'", "cancelled");
        assertThat(found(NewJob.of("w").unique(Unique.options().ever()))).isNull();

        long completed = add("'{}'", "completed");
        jobs.run("DELETE FROM ${schema}.oban_jobs WHERE id > " + completed);
        jobs.run("DELETE FROM ${schema}.oban_jobs WHERE state = 'available'");
        assertThat(found(NewJob.of("w").unique(Unique.options().ever()))).isEqualTo(completed);
    }

    @ParameterizedTest
    @EnumSource
    void the_period_reaches_back_to_its_very_microsecond(Unique.Timestamp timestamp) {
        long stored = add("'{}'", "");
        Unique hour = Unique.within(Duration.ofHours(1)).timestamp(timestamp);
        String column = timestamp == Unique.Timestamp.INSERTED_AT ? "inserted_at" : "scheduled_at";
        jobs.change(stored, "inserted_at = '2001-01-01', scheduled_at = '2001-01-01'");

        jobs.change(stored, column + " = '2031-02-03 03:05:06.123456'");
        assertThat(found(NewJob.of("w").unique(hour))).isEqualTo(stored);

        jobs.change(stored, column + " = '2031-02-03 03:05:06.123455'");
        assertThat(found(NewJob.of("w").unique(hour))).isNull();
    }

    @Test
    void without_a_limit_a_job_of_any_age_counts() {
        long stored = add("'{}'", "");
        jobs.change(stored, "inserted_at = '0001-01-01', scheduled_at = '-infinity'");

        assertThat(found(NewJob.of("w").unique(EVER))).isEqualTo(stored);
        assertThat(found(NewJob.of("w").unique(Unique.within(Duration.ofDays(9_999_999)))))
                .isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"a\":1,\"b\":{\"c\":[1,2]}}; {\"b\":{\"c\":[1,2]},\"a\":1}; true",
                "{\"a\":1};                     {\"a\":1.0};                   true",
                "{\"a\":1};                     {\"a\":1,\"b\":2};             false",
                "{\"a\":1,\"b\":2};             {\"a\":1};                     false",
                "{\"a\":1};                     {};                            false",
                "{};                            {\"a\":1};                     false",
                "{};                            {};                            true",
                "{\"a\":\"1\"};                 {\"a\":1};                     false",
                "{\"a\":null};                  {\"a\":null};                  true",
                "{\"a\":null};                  {};                            false",
                "{\"a\":[1,2,2]};               {\"a\":[2,1]};                 true",
                "{\"a\":{\"x\":1}};             {\"a\":{\"x\":1,\"y\":2}};     false"
            })
    void whole_args_and_metadata_are_the_same_when_each_contains_the_other(String stored, String given, boolean same) {
        NewJob job = NewJob.of("w", json(given));
        long id = add("'" + stored + "'", "");
        assertThat(found(job.unique(EVER))).isEqualTo(same ? id : null);

        jobs.change(id, "args = '{}', meta = args, worker = 'm'");
        assertThat(found(NewJob.of("m").meta(json(given)).unique(EVER.fields(Field.META, Field.WORKER))))
                .isEqualTo(same ? id : null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"id\":1,\"x\":1};      {\"id\":1,\"x\":2};     true",
                "{\"id\":1,\"x\":1};      {\"id\":2,\"x\":1};     false",
                "{\"id\":1,\"k\":2};      {\"id\":1};             true",
                "{\"id\":1};              {\"id\":1,\"k\":2};     false",
                "{\"id\":{\"a\":1,\"b\":2}}; {\"id\":{\"a\":1}};  true",
                "{\"id\":{\"a\":1}};      {\"id\":{\"a\":1,\"b\":2}}; false",
                "{\"id\":[1,2,3]};        {\"id\":[2]};           true",
                "{\"x\":1};               {\"x\":1};              false",
                "{};                      {\"x\":1};              true",
                "{\"id\":1};              {\"x\":1};              false",
                "{};                      {};                     true"
            })
    void with_keys_the_stored_job_must_contain_those_the_new_one_has(String stored, String given, boolean same) {
        NewJob job = NewJob.of("w", json(given));
        long id = add("'" + stored + "'", "");
        assertThat(found(job.unique(EVER.keys("id", "k")))).isEqualTo(same ? id : null);

        jobs.change(id, "args = '{}', meta = args, worker = 'm'");
        assertThat(found(NewJob.of("m")
                        .meta(json(given))
                        .unique(EVER.fields(Field.META, Field.WORKER).keys("id", "k"))))
                .isEqualTo(same ? id : null);
    }

    @Test
    void keys_hold_for_args_and_metadata_alike() {
        long stored = jobs.add("(worker, args, meta) VALUES ('w', '{\"id\":1,\"x\":1}', '{\"id\":2,\"x\":1}')");
        Unique both = EVER.fields(Field.ARGS, Field.META).keys("id");

        assertThat(found(NewJob.of("w", Map.of("id", 1)).meta(Map.of("id", 2)).unique(both)))
                .isEqualTo(stored);
        assertThat(found(NewJob.of("w", Map.of("id", 1)).meta(Map.of("id", 1)).unique(both)))
                .isNull();
    }

    @Test
    void a_row_without_metadata_is_never_the_same_by_metadata() {
        jobs.add("(worker, meta) VALUES ('w', NULL)");

        assertThat(found(NewJob.of("w").unique(EVER.fields(Field.META)))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'b", "a\\\\b", "\u00fc\ud83d\ude00", "${match}", "?"})
    void values_are_never_taken_for_sql(String text) {
        NewJob job = NewJob.of("w" + text, Map.of(text, text))
                .queue("q" + text)
                .meta(Map.of(text, text))
                .unique(EVER.fields(Field.values()).keys(text));

        assertThat(insert(job).isConflict()).isFalse();
        assertThat(insert(job).isConflict()).isTrue();
    }

    @Test
    void fields_are_replaced_by_the_state_of_the_stored_job() {
        Replace replace = Replace.when(
                        JobState.SCHEDULED, Replace.Field.PRIORITY, Replace.Field.TAGS, Replace.Field.SCHEDULED_AT)
                .andWhen(JobState.AVAILABLE, Replace.Field.PRIORITY, Replace.Field.META);
        NewJob job = NewJob.of("w")
                .priority(5)
                .tags("new")
                .meta(Map.of("m", 1))
                .at(Instant.parse("2031-01-01T00:00:00Z"))
                .unique(EVER)
                .replace(replace);
        Map<String, String> scheduled = jobs.row(add("'{}'", "scheduled"));

        Job changed = insert(job);

        assertThat(changed.isConflict()).isTrue();
        assertThat(changed.priority()).isEqualTo(5);
        assertThat(changed.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(jobs.row(changed.id()))
                .isEqualTo(RawJobs.changed(
                        scheduled, "priority", "5", "tags", "{new}", "scheduled_at", "2031-01-01 00:00:00"));

        jobs.change(changed.id(), "state = 'available', priority = 0, tags = '{}', scheduled_at = '2020-01-01'");
        assertThat(insert(job).meta()).containsKey("m");
        assertThat(jobs.row(changed.id()))
                .containsEntry("state", "available")
                .containsEntry("priority", "5")
                .containsEntry("meta", "{\"m\": 1}")
                .containsEntry("tags", "{}")
                .containsEntry("scheduled_at", "2020-01-01 00:00:00");

        jobs.change(changed.id(), "state = 'executing', priority = 0");
        Map<String, String> executing = jobs.row(changed.id());
        assertThat(insert(job).state()).isEqualTo(JobState.EXECUTING);
        assertThat(jobs.row(changed.id())).isEqualTo(executing);
    }

    @Test
    void every_field_can_be_replaced() {
        long stored = add("'{\"id\": 1}'", "");

        Job changed = insert(NewJob.of("new", Map.of("id", 1, "x", 2))
                .meta(Map.of("m", 1))
                .queue("mail")
                .tags("a,b", "\"c\"")
                .priority(9)
                .maxAttempts(3)
                .at(Instant.parse("2030-01-01T00:00:00.000001Z"))
                .unique(EVER.fields(Field.ARGS).keys("id"))
                .replace(Replace.of(Replace.Field.values())));

        assertThat(changed.id()).isEqualTo(stored);
        assertThat(changed.isConflict()).isTrue();
        assertThat(jobs.row(stored))
                .containsEntry("worker", "new")
                .containsEntry("args", "{\"x\": 2, \"id\": 1}")
                .containsEntry("meta", "{\"m\": 1}")
                .containsEntry("queue", "mail")
                .containsEntry("tags", "{\"a,b\",\"\\\"c\\\"\"}")
                .containsEntry("priority", "9")
                .containsEntry("max_attempts", "3")
                .containsEntry("scheduled_at", "2030-01-01 00:00:00.000001")
                .containsEntry("state", "available");
    }

    @ParameterizedTest
    @CsvSource({"retryable, 6", "available, 6", "executing, 6", "completed, 5"})
    void a_stored_job_keeps_the_attempts_it_needs(String state, String maxAttempts) {
        long stored = add("'{}'", state);
        jobs.change(stored, "attempt = 5");

        insert(NewJob.of("w").maxAttempts(2).unique(EVER).replace(Replace.of(Replace.Field.MAX_ATTEMPTS)));

        assertThat(jobs.row(stored)).containsEntry("max_attempts", maxAttempts);
    }

    @Test
    void without_a_conflict_nothing_is_replaced() {
        long other = add("'{\"a\": 1}'", "");
        Map<String, String> row = jobs.row(other);

        Job job = insert(
                NewJob.of("w", Map.of("a", 2)).priority(9).unique(EVER).replace(Replace.of(Replace.Field.values())));

        assertThat(job.isConflict()).isFalse();
        assertThat(jobs.row(other)).isEqualTo(row);
    }

    @Test
    void a_stored_job_that_goes_away_before_it_is_changed_makes_room() throws Exception {
        long stored = add("'{}'", "scheduled");

        Job job = whileTheChangeIsOnItsWay(() -> jobs.run("DELETE FROM ${schema}.oban_jobs"));

        assertThat(job.isConflict()).isFalse();
        assertThat(job.priority()).isEqualTo(9);
        assertThat(jobs.query("SELECT id FROM ${schema}.oban_jobs"))
                .containsExactly(String.valueOf(job.id()))
                .doesNotContain(String.valueOf(stored));
    }

    @Test
    void a_stored_job_that_begins_to_run_before_it_is_changed_stays_as_it_is() throws Exception {
        long stored = add("'{}'", "scheduled");

        Job job = whileTheChangeIsOnItsWay(() -> jobs.change(stored, "state = 'executing', attempt = 1"));

        assertThat(job.id()).isEqualTo(stored);
        assertThat(job.isConflict()).isTrue();
        assertThat(job.state()).isEqualTo(JobState.EXECUTING);
        assertThat(jobs.row(stored)).containsEntry("priority", "0");
    }

    private Job whileTheChangeIsOnItsWay(Runnable meanwhile) throws Exception {
        TappedDataSource tapped = new TappedDataSource(schema.dataSource());
        CountDownLatch arrival = new CountDownLatch(1);
        tapped.hang("UPDATE", arrival);
        NewJob job = NewJob.of("w")
                .priority(9)
                .unique(EVER)
                .replace(Replace.when(JobState.SCHEDULED, Replace.Field.PRIORITY));
        CompletableFuture<Job> insert = CompletableFuture.supplyAsync(
                () -> in(new Jdbc(tapped.dataSource(), Transactions.none())).insert(job.resolve(clock)));
        await().until(() -> !tapped.statements("UPDATE").isEmpty());
        meanwhile.run();
        arrival.countDown();
        return insert.get(20, SECONDS);
    }

    @Test
    void joins_the_callers_transaction() throws SQLException {
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            UniqueInsertion joined = in(joining(connection));
            Job first = joined.insert(NewJob.of("w").unique(EVER).resolve(clock));
            assertThat(joined.insert(NewJob.of("w").unique(EVER).resolve(clock)).id())
                    .isEqualTo(first.id());
            connection.rollback();
        }
        assertThat(jobs.count("true")).isZero();
        assertThat(insert(NewJob.of("w").unique(EVER)).isConflict()).isFalse();
    }

    @NeedsSession("the isolation level is set for the session")
    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void an_isolation_level_that_does_not_see_what_was_waited_for_is_refused(int level) throws SQLException {
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(level);

            assertThatThrownBy(() -> in(joining(connection))
                            .insert(NewJob.of("w").unique(EVER).resolve(clock)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use read committed");
            connection.commit();
        }
        assertThat(jobs.count("true")).isZero();
    }

    @Test
    void no_lock_outlives_the_insert() throws SQLException {
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            in(new Jdbc(pool.dataSource(), Transactions.none()))
                    .insert(NewJob.of("w").unique(EVER).resolve(clock));

            assertThat(jobs.query("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                            + " WHERE l.locktype = 'advisory' AND a.application_name = '" + schema.name() + "'"))
                    .isEqualTo(List.of("0"));
        }
    }

    private Job insert(NewJob job) {
        return insertion.insert(job.resolve(clock));
    }

    /** The id of the stored job that is the same; null when there was none, and the job was inserted. */
    private Long found(NewJob job) {
        Job answer = insert(job);
        return answer.isConflict() ? answer.id() : null;
    }

    private long add(String args, String state) {
        return jobs.add(
                "(worker, args, state) VALUES ('w', %s, '%s')".formatted(args, state.isEmpty() ? "available" : state));
    }

    private UniqueInsertion in(Jdbc jdbc) {
        return new UniqueInsertion(jdbc, new Prefix(schema.name()));
    }

    private Jdbc joining(Connection connection) {
        FakeTransactions container = new FakeTransactions();
        container.begin();
        return new Jdbc(JoinedDataSource.of(schema.dataSource(), connection), Transactions.of(container));
    }

    private static Map<String, ?> json(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }
}
