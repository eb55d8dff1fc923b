package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
import dev.kerrera.job.Uniqueness;
import dev.kerrera.worker.UniqueJobs.Replacing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;

class UniqueJobsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T18:48:21Z"), ZoneOffset.UTC);

    abstract static class Fine implements Worker<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class Plain extends Fine {}

    @Work
    @UniqueJobs
    static class ByDefault extends Fine {}

    @Work
    @UniqueJobs(period = "Infinity")
    static class Forever extends Fine {}

    @Work
    @UniqueJobs(
            period = "PT2H",
            fields = {Unique.Field.META, Unique.Field.WORKER},
            keys = {"b", "a"},
            states = {JobState.SCHEDULED, JobState.RETRYABLE},
            timestamp = Unique.Timestamp.SCHEDULED_AT,
            replace = {
                @Replacing(fields = Replace.Field.ARGS),
                @Replacing(
                        states = {JobState.SCHEDULED, JobState.AVAILABLE},
                        fields = {Replace.Field.TAGS, Replace.Field.ARGS})
            })
    static class Everything extends Fine {}

    @Work
    @UniqueJobs(
            period = "often",
            fields = {},
            keys = "",
            states = {},
            replace = {
                @Replacing(fields = {}),
                @Replacing(
                        states = {},
                        fields = Replace.Field.TAGS)
            })
    static class Wrong extends Fine {}

    @Work
    @UniqueJobs(period = "0s", fields = Unique.Field.WORKER, keys = "id")
    static class Senseless extends Fine {}

    @Test
    void without_the_annotation_nothing_is_said() {
        JobDefaults defaults = defaults(Plain.class);

        assertThat(defaults.unique()).isNull();
        assertThat(defaults.replace()).isNull();
    }

    @Test
    void its_defaults_are_those_of_a_job() {
        JobDefaults defaults = defaults(ByDefault.class);

        assertThat(uniqueness(defaults)).isEqualTo(uniqueness(NewJob.of("w").unique(Unique.options())));
        assertThat(defaults.replace()).isNull();
        assertThat(uniqueness(defaults(Forever.class)))
                .isEqualTo(uniqueness(NewJob.of("w").unique(Unique.forever())));
    }

    @Test
    void everything_it_says_is_taken_over() {
        JobDefaults defaults = defaults(Everything.class);

        assertThat(defaults.unique())
                .isEqualTo(Unique.within(Duration.ofHours(2))
                        .fields(Unique.Field.META, Unique.Field.WORKER)
                        .keys("b", "a")
                        .states(JobState.SCHEDULED, JobState.RETRYABLE)
                        .timestamp(Unique.Timestamp.SCHEDULED_AT));
        assertThat(uniqueness(NewJob.of("w", Map.of()).tags("t").withDefaults(defaults))
                        .replacing())
                .isEqualTo(Map.of(
                        Replace.Field.ARGS,
                        JobState.all(),
                        Replace.Field.TAGS,
                        Set.of(JobState.SCHEDULED, JobState.AVAILABLE)));
    }

    @Test
    void mistakes_are_told_all_at_once() {
        String who = Wrong.class.getName() + " has @UniqueJobs: ";
        assertThat(problems(Wrong.class))
                .containsExactly(
                        who + "fields must name at least one of ARGS, META, QUEUE and WORKER, was []",
                        who + "keys must not be blank, was []",
                        who + "states must name at least one, was []",
                        who
                                + "period must be a duration of more than zero such as 30s or PT2H, or infinity, was 'often'",
                        who + "replace must name at least one field",
                        who + "replace must name at least one state");
        assertThat(problems(Senseless.class))
                .hasSize(2)
                .first()
                .asString()
                .contains("keys are keys of args or meta: add ARGS or META to the fields, was [WORKER]");
        assertThat(problems(Everything.class)).isEmpty();
    }

    private static Uniqueness uniqueness(JobDefaults defaults) {
        return uniqueness(NewJob.of("w").withDefaults(defaults));
    }

    private static Uniqueness uniqueness(NewJob job) {
        return job.resolve(CLOCK).uniqueness();
    }

    private static JobDefaults defaults(Class<?> worker) {
        WorkerDiscovery discovery = new WorkerDiscovery();
        try (WeldContainer container = container(discovery, worker)) {
            return discovery.definitions(container.getBeanManager()).get(0).defaults();
        }
    }

    private static List<String> problems(Class<?> worker) {
        WorkerDiscovery discovery = new WorkerDiscovery();
        try (WeldContainer container = container(discovery, worker)) {
            return discovery.problems();
        }
    }

    private static WeldContainer container(WorkerDiscovery discovery, Class<?> worker) {
        return new Weld()
                .disableDiscovery()
                .addExtension(discovery)
                .addBeanClasses(worker)
                .initialize();
    }
}
