package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.LifelineSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Heartbeats;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class LifelineTest {

    private static final UUID DEAD = new UUID(1, 2);
    private static final UUID LIVING = new UUID(3, 4);

    private final List<String> announced = new CopyOnWriteArrayList<>();
    private final List<String> stateWhenAnnounced = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Heartbeats heartbeats;
    private final Rescuing rescuing;
    private final Notifier notifier;
    private final Lifeline lifeline;
    private volatile boolean leads = true;

    LifelineTest(TestSchema schema) {
        this.schema = schema;
        tapped = new TappedDataSource(schema.dataSource());
        jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Notifier notifier = TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.none());
        notifier.subscribe(Channel.INSERT, message -> {
            announced.add(message.getString("queue"));
            stateWhenAnnounced.addAll(jobs.query("SELECT DISTINCT state FROM ${schema}.oban_jobs WHERE queue = '"
                    + message.getString("queue") + "'"));
        });
        heartbeats = new Heartbeats(jdbc, prefix);
        rescuing = new Rescuing(jdbc, prefix, new SettableClock("2026-01-01T12:00:00Z"));
        this.notifier = notifier;
        lifeline = lifeline(Duration.ofMillis(100), Duration.ofSeconds(45));
    }

    private Lifeline lifeline(Duration interval, Duration rescueAfter) {
        return new Lifeline(
                new LifelineSettings(interval, rescueAfter, Duration.ofHours(1), 3),
                () -> leads,
                rescuing,
                notifier,
                () -> 0L);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void jobs_of_the_dead_go_back_and_each_queue_is_told_once_afterwards() {
        die();
        orphan("a", 1, 20);
        orphan("a", 1, 20);
        orphan("b", 1, 20);

        lifeline.rescue();

        assertThat(jobs.count("state = 'available'")).isEqualTo(3);
        assertThat(announced).containsExactlyInAnyOrder("a", "b");
        assertThat(stateWhenAnnounced).containsOnly("available");
    }

    @Test
    void queues_of_jobs_that_are_discarded_are_not_told() {
        die();
        long job = orphan("a", 20, 20);

        lifeline.rescue();

        assertThat(jobs.state(job)).isEqualTo("discarded");
        assertThat(announced).isEmpty();
    }

    @Test
    void every_rescue_is_logged() {
        die();
        long back = orphan("a", 1, 20);
        long last = orphan("b", 20, 20);
        try (CapturedLog log = CapturedLog.of(Lifeline.class)) {
            lifeline.rescue();

            assertThat(log.messages(Level.WARNING))
                    .containsExactlyInAnyOrder(
                            "The node that ran job %d of queue a is dead; the job is now available".formatted(back),
                            "The node that ran job %d of queue b is dead; the job is now discarded".formatted(last));
        }
    }

    @Test
    void the_living_keep_their_jobs_and_nothing_is_said() {
        heartbeats.beat("Oban", "here", List.of(new Heartbeats.Living(LIVING, "a", 1, false)));
        long job =
                jobs.add("(worker, queue, state, attempt, attempted_by) VALUES ('A', 'a', 'executing', 1, '{here,%s}')"
                        .formatted(LIVING));
        try (CapturedLog log = CapturedLog.of(Lifeline.class)) {
            lifeline.rescue();

            assertThat(jobs.state(job)).isEqualTo("executing");
            assertThat(announced).isEmpty();
            assertThat(log.messages(Level.WARNING)).isEmpty();
        }
    }

    @Test
    void a_job_whose_row_cannot_be_changed_is_left_behind_alone_and_told_once() {
        die();
        orphan("a", 1, 20);
        long bad = orphan("refused", 1, 20);
        orphan("b", 1, 20);
        long old = jobs.add("(worker, queue, state, attempt, attempted_at, attempted_by)"
                + " VALUES ('A', 'elixir', 'executing', 1, '2026-01-01', '{web.1,unknown}')");
        jobs.run("ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT refused CHECK (queue <> 'refused') NOT VALID");
        try (CapturedLog log = CapturedLog.of(Sieve.class)) {
            lifeline.rescue();
            lifeline.rescue();

            assertThat(jobs.query("SELECT id FROM ${schema}.oban_jobs WHERE state = 'executing'"))
                    .containsExactly(Long.toString(bad));
            assertThat(jobs.state(old)).isEqualTo("available");
            assertThat(announced).containsExactlyInAnyOrder("a", "b", "elixir");
            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("Job %d has lost its owner, but its row cannot be changed".formatted(bad));
        } finally {
            jobs.run("ALTER TABLE ${schema}.oban_jobs DROP CONSTRAINT refused");
        }
    }

    @Test
    void where_the_dead_cannot_be_found_unknown_owners_are_all_the_same() {
        long old = jobs.add("(worker, queue, state, attempt, attempted_at, attempted_by)"
                + " VALUES ('A', 'elixir', 'executing', 1, '2026-01-01', '{web.1,unknown}')");
        tapped.fail("seen_at", 1);

        assertThatThrownBy(lifeline::rescue).isInstanceOf(DatabaseException.class);

        assertThat(jobs.state(old)).isEqualTo("available");
        assertThat(announced).containsExactly("elixir");
    }

    /** Looks and signs of life wait for the same table, and the looks are through first. */
    @Test
    void the_living_keep_their_jobs_when_the_database_has_stood_still_for_longer_than_the_dead_are_given()
            throws Exception {
        Duration rescueAfter = Duration.ofSeconds(2);
        List<Heartbeats.Living> living = List.of(new Heartbeats.Living(LIVING, "a", 1, false));
        long job = jobs.add(
                "(worker, state, attempt, attempted_by) VALUES ('A', 'executing', 1, '{here,%s}')".formatted(LIVING));
        heartbeats.beat("Oban", "here", living);
        Lifeline lifeline = lifeline(Duration.ofMillis(500), rescueAfter);
        lifeline.start(timer);
        awaitSince(System.nanoTime(), rescueAfter.minusMillis(500));
        heartbeats.beat("Oban", "here", living);
        awaitSince(System.nanoTime(), Duration.ofMillis(800));
        int looks;
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("LOCK TABLE " + schema.name() + ".kerrera_producers IN ACCESS EXCLUSIVE MODE");
            awaitSince(System.nanoTime(), rescueAfter);
            looks = tapped.statements("FOR KEY SHARE").size();
            other.rollback();
        }

        await().until(() -> tapped.statements("FOR KEY SHARE").size() > looks);
        assertThat(jobs.state(job)).isEqualTo("executing");
        heartbeats.beat("Oban", "here", living);
        await().until(() -> tapped.statements("FOR KEY SHARE").size() > looks + 2);
        assertThat(jobs.state(job)).isEqualTo("executing");
        lifeline.stop();
    }

    private static void awaitSince(long moment, Duration time) {
        await().until(() -> System.nanoTime() - moment > time.toNanos());
    }

    @Test
    void owners_without_jobs_are_forgotten_after_an_hour() {
        UUID recent = new UUID(5, 6);
        heartbeats.beat("Oban", "here", List.of(new Heartbeats.Living(LIVING, "a", 1, false)));
        heartbeats.beat("Oban", "there", List.of(new Heartbeats.Living(recent, "a", 1, false)));
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '59 min' WHERE uuid = '" + recent
                + "'");
        die();
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '60 min' WHERE uuid = '" + DEAD
                + "'");

        lifeline.start(timer);

        await().until(() -> jobs.query("SELECT uuid::text FROM ${schema}.kerrera_producers ORDER BY uuid")
                .equals(List.of(LIVING.toString(), recent.toString())));
    }

    @Test
    void it_rescues_by_itself_from_start_to_stop_and_survives_a_database_outage() {
        die();
        long job = orphan("a", 1, 20);
        tapped.refuseConnections(2);
        Lifeline lifeline = lifeline(Duration.ofMillis(200), Duration.ofMillis(600));

        lifeline.start(timer);
        await().until(() -> jobs.state(job).equals("available"));
        await().until(() -> announced.equals(List.of("a")));
        assertThat(lifeline.loop().name()).isEqualTo("The lifeline");
        assertThat(lifeline.loop().turning()).isTrue();
        lifeline.stop();

        int statements = tapped.statements("kerrera_producers").size();
        lifeline.start(timer);
        lifeline.stop();
        assertThat(tapped.statements("kerrera_producers")).hasSize(statements);
    }

    @Test
    void one_that_does_not_lead_looks_all_the_same_and_need_not_wait_once_it_does() {
        die();
        long job = orphan("a", 1, 20);
        leads = false;
        Duration rescueAfter = Duration.ofSeconds(2);
        Lifeline lifeline = lifeline(Duration.ofMillis(800), rescueAfter);
        long started = System.nanoTime();
        lifeline.start(timer);
        awaitSince(started, rescueAfter.plusMillis(100));
        assertThat(jobs.state(job)).isEqualTo("executing");

        leads = true;
        await().until(() -> jobs.state(job).equals("available"));

        assertThat(tapped.statements("AS locked")).as("turns as a leader").hasSizeLessThanOrEqualTo(2);
        lifeline.stop();
    }

    /** A producer whose last sign of life is a while ago. */
    private void die() {
        heartbeats.beat("Oban", "there", List.of(new Heartbeats.Living(DEAD, "a", 1, false)));
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '50 s' WHERE uuid = '" + DEAD
                + "'");
    }

    private long orphan(String queue, int attempt, int maxAttempts) {
        return jobs.add(
                "(worker, queue, state, attempt, max_attempts, attempted_by) VALUES ('A', '%s', 'executing', %d, %d, '{there,%s}')"
                        .formatted(queue, attempt, maxAttempts, DEAD));
    }
}
