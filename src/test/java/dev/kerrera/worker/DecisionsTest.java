package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.Job;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionsTest {

    static class Plain implements Worker<JsonObject> {
        @Override
        public Outcome perform(JsonObject args, JobContext job) {
            return Outcome.ok();
        }
    }

    static class Deciding extends Plain {
        @Override
        public Optional<Duration> backoff(Job job, Failure failure) {
            return Optional.empty();
        }
    }

    static class Inheriting extends Deciding {}

    static class Misleading extends Plain {
        public Optional<Duration> backoff(Job job) {
            return Optional.of(Duration.ZERO);
        }

        public Optional<Duration> timeout() {
            return Optional.of(Duration.ZERO);
        }
    }

    interface Patient extends Worker<JsonObject> {
        @Override
        default Optional<Duration> backoff(Job job, Failure failure) {
            return Optional.of(Duration.ofDays(1));
        }
    }

    static class Implementing extends Plain implements Patient {}

    static class Hurrying extends Plain {
        @Override
        public Optional<Duration> timeout(Job job) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Deciding.class, Inheriting.class, Implementing.class})
    void a_worker_decides_its_backoff_where_it_or_what_it_inherits_from_says_so(Class<?> worker) {
        assertThat(Decisions.of(worker)).isEqualTo(new Decisions(false, true));
    }

    @Test
    void a_worker_decides_how_long_it_may_take_likewise() {
        assertThat(Decisions.of(Hurrying.class)).isEqualTo(new Decisions(true, false));
    }

    @ParameterizedTest
    @ValueSource(classes = {Plain.class, Misleading.class})
    void a_worker_decides_nothing_otherwise(Class<?> worker) {
        assertThat(Decisions.of(worker)).isEqualTo(new Decisions(false, false));
    }
}
