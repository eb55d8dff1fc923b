package dev.kerrera.job;

import static dev.kerrera.job.JobState.AVAILABLE;
import static dev.kerrera.job.JobState.RETRYABLE;
import static dev.kerrera.job.JobState.SCHEDULED;
import static dev.kerrera.job.Replace.Field.ARGS;
import static dev.kerrera.job.Replace.Field.MAX_ATTEMPTS;
import static dev.kerrera.job.Replace.Field.META;
import static dev.kerrera.job.Replace.Field.PRIORITY;
import static dev.kerrera.job.Replace.Field.QUEUE;
import static dev.kerrera.job.Replace.Field.SCHEDULED_AT;
import static dev.kerrera.job.Replace.Field.TAGS;
import static dev.kerrera.job.Replace.Field.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplaceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T18:48:21Z"), ZoneOffset.UTC);

    private static final Replace ALL = Replace.of(Replace.Field.values());

    /** A job that says everything. */
    private static final NewJob WHOLE = NewJob.of("w", Map.of())
            .meta(Map.of())
            .queue("default")
            .tags()
            .priority(0)
            .maxAttempts(20)
            .in(Duration.ZERO);

    @Test
    void a_plain_list_holds_in_every_state() {
        assertThat(replacing(WHOLE.replace(Replace.of(ARGS, TAGS))))
                .isEqualTo(Map.of(ARGS, JobState.all(), TAGS, JobState.all()));
    }

    @Test
    void each_state_can_have_its_own_list() {
        assertThat(replacing(WHOLE.replace(Replace.when(SCHEDULED, PRIORITY, QUEUE)
                        .andWhen(AVAILABLE, PRIORITY)
                        .andWhen(SCHEDULED, META)
                        .andWhen(RETRYABLE))))
                .isEqualTo(Map.of(
                        PRIORITY, Set.of(AVAILABLE, SCHEDULED), QUEUE, Set.of(SCHEDULED), META, Set.of(SCHEDULED)));
    }

    @Test
    void only_what_is_said_replaces() {
        assertThat(replacing(NewJob.of("w").replace(ALL))).containsOnlyKeys(WORKER);
        assertThat(replacing(NewJob.of("w", Map.of()).replace(ALL))).containsOnlyKeys(ARGS, WORKER);
        assertThat(replacing(NewJob.of("w").meta(Map.of()).replace(ALL))).containsOnlyKeys(META, WORKER);
        assertThat(replacing(NewJob.of("w").queue("default").replace(ALL))).containsOnlyKeys(QUEUE, WORKER);
        assertThat(replacing(NewJob.of("w").tags().replace(ALL))).containsOnlyKeys(TAGS, WORKER);
        assertThat(replacing(NewJob.of("w").priority(0).replace(ALL))).containsOnlyKeys(PRIORITY, WORKER);
        assertThat(replacing(NewJob.of("w").maxAttempts(20).replace(ALL))).containsOnlyKeys(MAX_ATTEMPTS, WORKER);
        assertThat(replacing(NewJob.of("w").in(Duration.ZERO).replace(ALL))).containsOnlyKeys(SCHEDULED_AT, WORKER);
        assertThat(replacing(WHOLE.replace(ALL))).containsOnlyKeys(Replace.Field.values());
    }

    @Test
    void a_workers_default_is_said_where_it_differs_from_the_general_one() {
        NewJob job = NewJob.of("w").replace(ALL);

        assertThat(replacing(job.withDefaults(new JobDefaults("default", 20, 0, List.of(" ")))))
                .containsOnlyKeys(WORKER);
        assertThat(replacing(job.withDefaults(new JobDefaults("mail", 3, 1, List.of("t")))))
                .containsOnlyKeys(WORKER, QUEUE, MAX_ATTEMPTS, PRIORITY, TAGS);
    }

    @Test
    void the_jobs_own_takes_the_place_of_its_workers() {
        JobDefaults defaults = new JobDefaults(null, null, null, null, null, Replace.of(ARGS));

        assertThat(replacing(WHOLE.withDefaults(defaults))).containsOnlyKeys(ARGS);
        assertThat(replacing(WHOLE.replace(Replace.of(TAGS)).withDefaults(defaults)))
                .containsOnlyKeys(TAGS);
        assertThat(replacing(WHOLE.replace(Replace.of()).withDefaults(defaults)))
                .isEmpty();
    }

    @Test
    void values_are_equal_when_they_say_the_same() {
        assertThat(Replace.when(SCHEDULED, ARGS, TAGS))
                .isEqualTo(Replace.when(SCHEDULED, TAGS).andWhen(SCHEDULED, ARGS))
                .hasSameHashCodeAs(Replace.when(SCHEDULED, TAGS, ARGS))
                .isNotEqualTo(Replace.when(AVAILABLE, ARGS, TAGS))
                .hasToString("Replace{SCHEDULED=[ARGS, TAGS]}");
        assertThat(Replace.when(SCHEDULED)).isEqualTo(Replace.of());
    }

    private static Map<Replace.Field, Set<JobState>> replacing(NewJob job) {
        return job.unique(Unique.forever()).resolve(CLOCK).uniqueness().replacing();
    }
}
