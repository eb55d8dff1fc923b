package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class RunContextTest {

    @Test
    void the_fencing_token_grows_with_every_run_even_when_attempt_and_clock_stand_still(TestSchema schema)
            throws Exception {
        List<Long> tokens = new CopyOnWriteArrayList<>();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        try (TestNode node = new TestNode(schema, "default", 1)) {
            node.clock = new SettableClock("2026-01-01T12:00:00.000123Z");
            node.workers.add(MadeWorkers.of("Made", (args, context) -> {
                attempts.add(context.attempt());
                tokens.add(context.fencingToken());
                return Outcome.snooze(Duration.ZERO);
            }));
            node.start();
            RawJobs jobs = node.jobs;
            long job = jobs.add("(worker) VALUES ('Made')");

            for (int run = 1; run <= 3; run++) {
                node.wake();
                await().until(() -> jobs.state(job).equals("scheduled"));
                jobs.change(job, "state = 'available'");
            }
        }

        assertThat(attempts).containsExactly(1, 1, 1);
        assertThat(tokens).containsExactly(1_767_268_800_000_123L, 1_767_268_800_000_124L, 1_767_268_800_000_125L);
    }
}
