package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leaders die around the minute; no time is lost, none is doubled. */
@Timeout(120)
@ExtendWith(PooledSchema.class)
class CronFailoverTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:30Z");
    private static final String[] KEYS = {
        "kerrera.cron.entries.every.expression", "* * * * *",
        "kerrera.cron.entries.every.worker", "A",
        "kerrera.cron.entries.every.queue", "far",
        "kerrera.cron.entries.every.catch-up", "all(1000)",
        "kerrera.cron.entries.third.expression", "*/3 * * * *",
        "kerrera.cron.entries.third.worker", "B",
        "kerrera.cron.entries.third.queue", "far",
        "kerrera.cron.entries.third.timezone", "Asia/Kathmandu",
        "kerrera.cron.entries.third.catch-up", "skip"
    };

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Random random = new Random(20260101);

    CronFailoverTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @Test
    void a_leader_killed_across_a_minute_boundary_50_times_loses_and_doubles_nothing() {
        CronNode leader = node(START);
        leader.turn();
        Instant boundary = Instant.parse("2026-01-01T12:01:00Z");
        int rolledBack = 0;
        for (int kill = 0; kill < 50; kill++, boundary = boundary.plusSeconds(60)) {
            CronNode next = node(boundary);
            switch (random.nextInt(5)) {
                case 0 -> turn(leader, boundary.minusMillis(1)); // dies just before
                case 1 -> turn(leader, boundary.plusMillis(random.nextInt(1000))); // just after
                case 2 -> { // between the move of the row and the commit
                    leader.tapped.fail("INSERT INTO \"%s\".oban_jobs".formatted(schema.name()), 1);
                    turn(leader, boundary.plusMillis(3));
                    rolledBack++;
                }
                case 3 -> { // the same, and its rival is at it too
                    leader.tapped.loseAnswers("INSERT INTO \"%s\".oban_jobs".formatted(schema.name()), 2);
                    turn(leader, boundary.plusMillis(3));
                    turn(next, boundary.plusMillis(2));
                    rolledBack++;
                }
                default -> { // it does not know yet that it no longer leads, and the clocks differ
                    turn(next, boundary.plusMillis(5));
                    turn(leader, boundary.plusMillis(700));
                    turn(next, boundary.minusMillis(300));
                }
            }
            leader = next;
            turn(leader, boundary.plusSeconds(random.nextInt(20) + 1)); // a change of leaders takes up to 25 s
        }
        turn(leader, boundary.plusSeconds(1));

        assertThat(rolledBack).isGreaterThan(10);
        assertEachOnce(boundary);
    }

    @Test
    void clocks_that_step_back_and_forth_lose_and_double_nothing() {
        CronNode node = node(START);
        node.turn();
        Instant now = START;
        Instant latest = START;
        for (int step = 0; step < 200; step++) {
            int seconds = random.nextInt(10) == 0 ? -random.nextInt(600) : random.nextInt(110);
            now = now.plusSeconds(seconds);
            if (random.nextInt(6) == 0) {
                node = node(now);
            }
            turn(node, now);
            latest = now.isAfter(latest) ? now : latest;
        }
        turn(node, latest);

        assertEachOnce(latest);
    }

    @Test
    void a_step_forward_that_is_longer_than_the_tolerance_is_handled_by_the_catch_up() {
        CronNode node = node(START);
        node.turn();

        turn(node, Instant.parse("2026-01-01T13:00:30Z"));

        assertThat(fired("every")).hasSize(60).doesNotHaveDuplicates();
        assertThat(fired("third")).containsExactly("2026-01-01T13:00:00Z");
    }

    @Test
    void two_that_both_think_they_lead_fire_each_time_once() throws Exception {
        List<CronNode> nodes = List.of(node(START), node(START), node(START));
        nodes.forEach(CronNode::turn);
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        Instant boundary = Instant.parse("2026-01-01T12:01:00Z");
        for (int minute = 0; minute < 20; minute++, boundary = boundary.plusSeconds(60)) {
            CyclicBarrier together = new CyclicBarrier(nodes.size());
            Instant now = boundary;
            List<Future<?>> turns = new ArrayList<>();
            for (CronNode node : nodes) {
                turns.add(threads.submit(() -> {
                    together.await();
                    turn(node, now);
                    return null;
                }));
            }
            for (Future<?> turn : turns) {
                turn.get();
            }
        }
        threads.shutdown();

        assertEachOnce(boundary.minusSeconds(60));
    }

    private void assertEachOnce(Instant until) {
        List<String> minutes = IntStream.rangeClosed(
                        1, (int) Duration.between(START, until).plusSeconds(30).toMinutes())
                .mapToObj(minute ->
                        START.minusSeconds(30).plusSeconds(60L * minute).toString())
                .toList();
        assertThat(fired("every")).isEqualTo(minutes);
        assertThat(fired("third"))
                .isEqualTo(minutes.stream()
                        .filter(minute -> Integer.parseInt(minute.substring(14, 16)) % 3 == 0)
                        .toList());
    }

    private CronNode node(Instant now) {
        return new CronNode(schema, now.toString(), List.of(), KEYS);
    }

    private static void turn(CronNode node, Instant now) {
        node.clock.set(now);
        node.turn();
    }

    private List<String> fired(String entry) {
        return jobs.query("SELECT meta ->> 'cron_at' FROM ${schema}.oban_jobs WHERE meta ->> 'cron_name' = '" + entry
                + "' ORDER BY 1");
    }
}
