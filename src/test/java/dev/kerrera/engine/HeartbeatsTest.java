package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Heartbeats.Living;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class HeartbeatsTest {

    private static final UUID MAIL = new UUID(1, 2);
    private static final UUID MEDIA = new UUID(3, 4);

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Heartbeats heartbeats;

    HeartbeatsTest(TestSchema schema) {
        this.schema = schema;
        jobs = new RawJobs(schema);
        heartbeats = new Heartbeats(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @Test
    void each_producer_has_a_row() {
        beat();

        assertThat(jobs.query("SELECT concat_ws(' ', uuid, name, node, queue, running_limit, paused)"
                        + " FROM ${schema}.kerrera_producers ORDER BY queue"))
                .containsExactly(MAIL + " Oban here mail 5 f", MEDIA + " Oban here media 1 f");
        assertThat(jobs.query("SELECT uuid FROM ${schema}.kerrera_producers"
                        + " WHERE abs(extract(epoch FROM seen_at - timezone('UTC', now()))) > 60"))
                .isEmpty();
    }

    @Test
    void a_further_beat_moves_the_sign_of_life_and_the_settings_and_nothing_else() {
        beat();
        jobs.run("UPDATE ${schema}.kerrera_producers" + " SET seen_at = '2020-01-02', started_at = '2020-01-01'");

        heartbeats.beat("Oban", "here", List.of(new Living(MAIL, "mail", 7, true)));

        assertThat(jobs.query("SELECT concat_ws(' ', queue, running_limit, paused, started_at, seen_at > '2025-01-01')"
                        + " FROM ${schema}.kerrera_producers ORDER BY queue"))
                .containsExactly("mail 7 t 2020-01-01 00:00:00 t", "media 1 f 2020-01-01 00:00:00 f");
    }

    @Test
    void a_sign_that_had_to_wait_counts_from_when_it_was_written() {
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Heartbeats slow = new Heartbeats(jdbc, prefix);
        List<Living> mail = List.of(new Living(MAIL, "mail", 5, false));
        String younger = prefix.in("SELECT seen_at > timezone('UTC', now()) FROM ${schema}.kerrera_producers");
        for (int time = 0; time < 2; time++) {
            List<Boolean> isYounger = jdbc.together(() -> {
                jdbc.query("SELECT 1 FROM pg_sleep(0.01)", p -> {}, row -> true);
                slow.beat("Oban", "here", mail);
                return jdbc.query(younger, p -> {}, row -> row.flag());
            });

            assertThat(isYounger).as("the sign is younger than its transaction").containsExactly(true);
        }
    }

    @Test
    void a_producer_that_leaves_nothing_behind_leaves_itself() {
        beat();
        executing("mail", UUID.randomUUID());

        heartbeats.leave(List.of(MAIL));

        assertThat(queues()).containsExactly("media");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail", "elsewhere"})
    void a_producer_that_leaves_a_running_job_behind_stays_whatever_queue_that_is_in_now(String queue) {
        beat();
        executing(queue, MAIL);

        heartbeats.leave(List.of(MAIL, MEDIA));

        assertThat(queues()).containsExactly("mail");
    }

    @Test
    void jobs_that_ended_hold_nobody() {
        beat();
        long job = executing("mail", MAIL);
        jobs.change(job, "state = 'completed'");

        heartbeats.leave(List.of(MAIL, MEDIA));

        assertThat(queues()).isEmpty();
    }

    @Test
    void nobody_beats_and_nobody_leaves() {
        beat();

        heartbeats.beat("Oban", "here", List.of());
        heartbeats.leave(List.of());
        heartbeats.leave(List.of(UUID.randomUUID()));

        assertThat(queues()).containsExactly("mail", "media");
    }

    private void beat() {
        heartbeats.beat(
                "Oban", "here", List.of(new Living(MAIL, "mail", 5, false), new Living(MEDIA, "media", 1, false)));
    }

    private long executing(String queue, UUID producer) {
        return jobs.add("(worker, queue, state, attempt, attempted_by) VALUES ('A', '%s', 'executing', 1, '{here,%s}')"
                .formatted(queue, producer));
    }

    private List<String> queues() {
        return jobs.query("SELECT queue FROM ${schema}.kerrera_producers ORDER BY queue");
    }
}
