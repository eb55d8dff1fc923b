package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.LifelineSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who has not been able to hear does not take silence for death. */
@ExtendWith(PooledSchema.class)
class WatchTest {

    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Lifeline lifeline;
    private long orphan;

    WatchTest(TestSchema schema) {
        tapped = new TappedDataSource(schema.dataSource());
        jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        lifeline = new Lifeline(
                new LifelineSettings(Duration.ofMillis(400), SILENCE, Duration.ofHours(1), 3),
                () -> true,
                new Rescuing(jdbc, new Prefix(schema.name()), Clock.systemUTC()),
                TestNotifiers.local(TestSettings.of(schema.name()), jdbc, Transactions.none()),
                () -> 0L);
    }

    @BeforeEach
    void leaveAnOrphan() {
        jobs.run("""
                INSERT INTO ${schema}.kerrera_producers (uuid, name, node, queue, running_limit, seen_at)
                VALUES ('00000000-0000-0001-0000-000000000002', 'Kerrera', 'gone', 'default', 1, '2026-01-01')""");
        orphan = jobs.add("""
                (worker, state, attempt, attempted_at, attempted_by) VALUES
                ('A', 'executing', 1, timezone('UTC', now()), '{gone,00000000-0000-0001-0000-000000000002}')""");
    }

    @AfterEach
    void stop() {
        tapped.recover();
        lifeline.stop();
        timer.shutdownNow();
    }

    @Test
    void owners_are_dead_once_this_node_has_looked_for_as_long_as_they_were_silent() {
        lifeline.start(timer);

        await().until(() -> jobs.state(orphan).equals("available"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SILENCE);
    }

    @Test
    void an_outage_of_the_database_begins_the_watch_anew() {
        tapped.fail("kerrera_producers", 16);
        lifeline.start(timer);
        await().until(() -> tapped.statements("kerrera_producers").size() >= 13);

        long nearlyBack = System.nanoTime();
        await().until(() -> jobs.state(orphan).equals("available"));
        assertThat(Duration.ofNanos(System.nanoTime() - nearlyBack)).isGreaterThanOrEqualTo(SILENCE);
    }

    @Test
    void a_break_between_two_looks_begins_it_anew_too() {
        Watch patient = new Watch(Duration.ofHours(1));
        Watch strict = new Watch(Duration.ZERO);
        await().until(() -> patient.unbroken().compareTo(Duration.ofMillis(20)) > 0);

        assertThat(strict.unbroken()).isLessThan(Duration.ofMillis(20));
        strict.looked(Optional.empty());
        patient.looked(Optional.empty());
        assertThat(strict.unbroken()).as("a look that came late").isLessThan(Duration.ofMillis(20));
        assertThat(patient.unbroken()).isGreaterThan(Duration.ofMillis(20));
        patient.broken();
        assertThat(patient.unbroken()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void a_step_of_the_clock_that_silence_is_measured_by_begins_it_anew_whichever_way_it_goes() {
        Duration most = Duration.ofHours(1);
        Instant clock = Instant.parse("2026-01-01T00:00:00Z");
        for (Duration step : List.of(most.multipliedBy(2), most.multipliedBy(-2))) {
            Watch watch = new Watch(most);
            watch.looked(Optional.of(clock));
            await().until(() -> watch.unbroken().compareTo(Duration.ofMillis(20)) > 0);

            watch.looked(Optional.of(clock.plus(most.dividedBy(2))));
            assertThat(watch.unbroken()).as("a small one").isGreaterThan(Duration.ofMillis(20));
            watch.looked(Optional.of(clock.plus(most.dividedBy(2)).plus(step)));
            assertThat(watch.unbroken()).isLessThan(Duration.ofMillis(20));
        }
    }

    @Test
    void after_a_look_that_found_no_clock_none_is_compared() {
        Watch watch = new Watch(Duration.ofHours(1));
        watch.looked(Optional.of(Instant.parse("2026-01-01T00:00:00Z")));
        await().until(() -> watch.unbroken().compareTo(Duration.ofMillis(20)) > 0);

        watch.looked(Optional.empty());
        watch.looked(Optional.of(Instant.parse("2027-01-01T00:00:00Z")));

        assertThat(watch.unbroken()).isGreaterThan(Duration.ofMillis(20));
    }
}
