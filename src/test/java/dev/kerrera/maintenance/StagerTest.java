package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.StagerSettings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.task.LastDone;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class StagerTest {

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00Z");
    private final List<String> announced = new CopyOnWriteArrayList<>();
    private final List<String> stateWhenAnnounced = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final LastDone told = new LastDone();
    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final Jdbc jdbc;
    private final RawJobs jobs;
    private final Notifier notifier;
    private final Staging staging;
    private volatile boolean leads = true;
    private volatile Connectivity connectivity = Connectivity.SOLITARY;

    StagerTest(TestSchema schema) {
        this.schema = schema;
        tapped = new TappedDataSource(schema.dataSource());
        jobs = new RawJobs(schema);
        jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        notifier = TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.none());
        notifier.subscribe(Channel.INSERT, message -> {
            announced.add(message.getString("queue"));
            stateWhenAnnounced.addAll(jobs.query("SELECT DISTINCT state FROM ${schema}.oban_jobs WHERE queue = '"
                    + message.getString("queue") + "'"));
        });
        staging = new Staging(jdbc, new Prefix(schema.name()), clock);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void due_jobs_become_available_and_each_queue_is_told_once_afterwards() {
        add("a", "scheduled", "2026-01-01 11:00");
        add("a", "retryable", "2026-01-01 11:30");
        add("b", "scheduled", "2026-01-01 12:00");

        stager(100).stage();

        assertThat(jobs.count("state = 'available'")).isEqualTo(3);
        assertThat(announced).containsExactlyInAnyOrder("a", "b");
        assertThat(stateWhenAnnounced).containsOnly("available");
    }

    @Test
    void jobs_that_are_not_due_wait_for_their_time() {
        long job = add("a", "scheduled", "2026-01-01 12:00:01");
        Stager stager = stager(100);

        stager.stage();
        assertThat(jobs.state(job)).isEqualTo("scheduled");
        assertThat(announced).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        stager.stage();
        assertThat(jobs.state(job)).isEqualTo("available");
        assertThat(announced).containsExactly("a");
    }

    @Test
    void a_batch_moves_no_more_than_the_limit_and_after_a_full_one_the_next_follows_at_once() {
        for (int i = 0; i < 5; i++) {
            add("a", "scheduled", "2026-01-01 11:00");
        }

        stager(2).stage();

        assertThat(jobs.count("state = 'available'")).isEqualTo(5);
        assertThat(jobs.query("SELECT count(*) FROM ${schema}.oban_jobs GROUP BY xmin ORDER BY min(id)"))
                .containsExactly("2", "2", "1");
        assertThat(announced).containsExactly("a", "a", "a");
    }

    @Test
    void a_turn_ends_after_twenty_full_batches() {
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'A', 'scheduled', '2026-01-01' FROM generate_series(1, 45)");

        stager(2).stage();

        assertThat(jobs.count("state = 'available'")).isEqualTo(40);
    }

    @Test
    void after_a_full_batch_a_node_that_leads_no_more_and_one_that_stops_do_not_go_on() {
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)"
                + " SELECT 'A', 'scheduled', '2026-01-01' FROM generate_series(1, 10)");
        leads = false;
        stager(2).stage();
        assertThat(jobs.count("state = 'available'")).isEqualTo(2);

        leads = true;
        Stager stopped = stager(2);
        stopped.stop();
        stopped.stage();
        assertThat(jobs.count("state = 'available'")).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void every_queue_with_available_jobs_is_told_at_each_turn_by_one_statement(Connectivity heard) {
        connectivity = heard;
        add("a", "available", "2026-01-01 11:00");
        add("b", "available", "2026-01-01 11:00");
        add("later", "scheduled", "2026-01-01 13:00");
        Stager stager = stager(100);

        stager.stage();
        assertThat(announced).containsExactlyInAnyOrder("a", "b");
        stager.stage();
        assertThat(announced).containsExactlyInAnyOrder("a", "b", "a", "b");

        assertThat(tapped.statements("")).hasSize(2);
    }

    @Test
    void alone_it_tells_nobody_else_of_what_was_available_already() {
        add("a", "available", "2026-01-01 11:00");
        add("b", "scheduled", "2026-01-01 11:00");
        Notifier transactional = TestNotifiers.local(
                TestSettings.of(schema.name(), "kerrera.notifier.transactional", "true"), jdbc, Transactions.none());

        stager(100, transactional).stage();
        assertThat(tapped.statements("pg_notify")).as("of b").hasSize(1);

        connectivity = Connectivity.UNKNOWN;
        stager(100, transactional).stage();
        assertThat(tapped.statements("pg_notify")).as("of a and b").hasSize(3);
    }

    @Test
    void it_says_when_every_queue_was_told_and_not_when_that_failed() {
        Duration age = Duration.ofMinutes(1);
        assertThat(told.until(age)).isZero();

        tapped.refuseConnections(1);
        assertThatThrownBy(stager(100)::stage).isInstanceOf(DatabaseException.class);
        assertThat(told.until(age)).isZero();

        stager(100).stage();
        assertThat(told.until(age)).isPositive();
    }

    @Test
    void what_was_staged_before_a_failure_is_told() {
        jobs.run("""
                CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF NEW.queue = 'refused' THEN RAISE 'not today'; END IF;
                    IF NEW.queue = 'full' THEN RAISE 'the disk is full' USING ERRCODE = '53100'; END IF;
                    RETURN NEW; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()""");
        for (String queue : List.of("a", "a", "refused", "full")) {
            add(queue, "scheduled", "2026-01-01 11:00");
        }
        try {
            Stager stager = stager(100);
            assertThatThrownBy(stager::stage).hasMessageContaining("the disk is full");

            assertThat(jobs.count("state = 'available'")).isEqualTo(2);
            assertThat(announced).containsExactly("a");
        } finally {
            jobs.run("DROP FUNCTION ${schema}.refuse() CASCADE");
        }
    }

    @Test
    void every_queue_is_told_even_where_rows_are_refused() {
        connectivity = Connectivity.CLUSTERED;
        add("b", "available", "2026-01-01 11:00");
        add("a", "scheduled", "2026-01-01 11:00");
        add("refused", "scheduled", "2026-01-01 11:00");
        jobs.run("ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT refused CHECK (queue <> 'refused') NOT VALID");
        try {
            stager(100).stage();

            assertThat(announced).containsExactlyInAnyOrder("a", "b");
        } finally {
            jobs.run("ALTER TABLE ${schema}.oban_jobs DROP CONSTRAINT refused");
        }
    }

    @Test
    void it_stages_by_itself_from_start_to_stop_and_survives_a_database_outage() {
        tapped.refuseConnections(2);
        Stager stager = stager(100);
        long first = add("a", "scheduled", "2026-01-01 11:00");

        stager.start(timer);
        await().until(() -> jobs.state(first).equals("available"));
        assertThat(stager.loop().name()).isEqualTo("The stager");
        assertThat(stager.loop().turning()).isTrue();
        stager.stop();

        int statements = tapped.statements("oban_jobs").size();
        stager.start(timer);
        stager.stop();
        assertThat(tapped.statements("oban_jobs")).hasSize(statements);
    }

    private Stager stager(int limit) {
        return stager(limit, notifier);
    }

    private Stager stager(int limit, Notifier notifier) {
        return new Stager(
                new StagerSettings(Duration.ofMillis(5), limit),
                () -> leads,
                () -> connectivity,
                staging,
                notifier,
                told,
                () -> 0L);
    }

    private long add(String queue, String state, String scheduledAt) {
        return jobs.add("(worker, queue, state, scheduled_at) VALUES ('A', '%s', '%s', '%s')"
                .formatted(queue, state, scheduledAt));
    }
}
