package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.maintenance.Stager;
import dev.kerrera.peer.Peer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node with ten queues and nothing to do, by the defaults. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class IdleNodeTest {

    private static final String POLL = "FROM unnest(?::text[]) AS queue";
    private static final String STAGER = "kerrera_by_index";

    private final RawJobs jobs;
    private final TappedDataSource tapped;
    private final WeldNode node;

    IdleNodeTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        tapped = new TappedDataSource(schema.dataSource());
        String queues = IntStream.range(0, 10).mapToObj(n -> "q" + n + ":5").collect(Collectors.joining(","));
        node = new WeldNode(
                TestSettings.of(schema.name(), "kerrera.queues", queues, "kerrera.migrate", "false"),
                tapped.dataSource(),
                Quick.class);
    }

    @Work(name = "Quick")
    static class Quick implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void an_idle_leader_sends_at_most_two_statements_a_second() {
        awaitStaging();

        List<String> sent = sentWithin(Duration.ofSeconds(15));

        assertThat(sent.size())
                .as("statements in 15 s:\n" + String.join("\n", sent))
                .isLessThanOrEqualTo(30);
        assertThat(sent).as("looks for work that is due, or waits").haveAtLeast(12, sent(STAGER));
        assertThat(sent).as("who is told does not ask").doNotHave(sent(POLL));
    }

    @Test
    void one_that_follows_sends_no_more() {
        awaitStaging();
        jobs.run("UPDATE ${schema}.oban_peers SET node = 'another', expires_at = expires_at + interval '1 hour'");
        await().until(() -> !node.get(Peer.class).leads());
        await().until(() -> tapped.statements(POLL).size() > 1);

        List<String> sent = sentWithin(Duration.ofSeconds(10));

        assertThat(sent.size())
                .as("statements in 10 s:\n" + String.join("\n", sent))
                .isLessThanOrEqualTo(20);
        assertThat(sent).haveAtLeast(8, sent(POLL)).doNotHave(sent(STAGER));
    }

    @Test
    void jobs_that_nobody_told_of_are_found_within_a_second_or_so() {
        awaitStaging();

        awaitFound("available", Duration.ofMillis(2_000));
        awaitFound("scheduled", Duration.ofMillis(2_000));
    }

    @Test
    void when_the_stager_turns_no_more_the_queues_ask_themselves() {
        awaitStaging();
        node.get(Stager.class).stop();

        awaitFound("available", Duration.ofMillis(2_300));
        await().until(() -> tapped.statements(POLL).size() > 2);
    }

    private void awaitFound(String state, Duration within) {
        long start = System.nanoTime();
        long job = jobs.add(
                "(worker, queue, state, scheduled_at) VALUES ('Quick', 'q7', '%s', '2026-01-01')".formatted(state));
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(state).isLessThan(within);
    }

    private void awaitStaging() {
        int before = tapped.statements(STAGER).size();
        await().until(() -> tapped.statements(STAGER).size() > before + 1);
    }

    private List<String> sentWithin(Duration time) {
        int before = tapped.statements("").size();
        long start = System.nanoTime();
        await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() - start > time.toNanos());
        List<String> all = new ArrayList<>(tapped.statements(""));
        return all.subList(before, all.size());
    }

    private static Condition<String> sent(String part) {
        return new Condition<>(sql -> sql.contains(part), part);
    }
}
