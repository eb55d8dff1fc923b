package dev.kerrera.job;

import static dev.kerrera.job.JobState.AVAILABLE;
import static dev.kerrera.job.JobState.CANCELLED;
import static dev.kerrera.job.JobState.COMPLETED;
import static dev.kerrera.job.JobState.DISCARDED;
import static dev.kerrera.job.JobState.EXECUTING;
import static dev.kerrera.job.JobState.RETRYABLE;
import static dev.kerrera.job.JobState.SCHEDULED;
import static dev.kerrera.job.JobState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobStateTest {

    @Test
    void states_stand_in_the_order_of_the_database_type() {
        assertThat(JobState.values())
                .extracting(JobState::label)
                .containsExactly(
                        "available",
                        "suspended",
                        "scheduled",
                        "executing",
                        "retryable",
                        "completed",
                        "discarded",
                        "cancelled");
    }

    @ParameterizedTest
    @EnumSource
    void a_label_leads_back_to_its_state(JobState state) {
        assertThat(JobState.of(state.label())).isEqualTo(state);
    }

    @Test
    void an_unknown_label_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> JobState.of("Available"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown job state \"Available\", known are: available, suspended, scheduled, executing,"
                        + " retryable, completed, discarded, cancelled");
        assertThatThrownBy(() -> JobState.of(null)).hasMessageContaining("unknown job state \"null\"");
    }

    @Test
    void groups_are_those_of_oban() {
        assertThat(JobState.all()).containsExactly(JobState.values());
        assertThat(JobState.incomplete())
                .containsExactlyInAnyOrder(SUSPENDED, AVAILABLE, SCHEDULED, EXECUTING, RETRYABLE);
        assertThat(JobState.scheduled()).containsExactly(SCHEDULED);
        assertThat(JobState.successful())
                .containsExactlyInAnyOrder(SUSPENDED, AVAILABLE, SCHEDULED, EXECUTING, RETRYABLE, COMPLETED);
        assertThatThrownBy(() -> JobState.all().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void moves_are_those_of_the_state_machine() {
        assertThat(movesFrom(AVAILABLE)).containsExactlyInAnyOrder(EXECUTING, CANCELLED);
        assertThat(movesFrom(EXECUTING))
                .containsExactlyInAnyOrder(AVAILABLE, SCHEDULED, RETRYABLE, COMPLETED, DISCARDED, CANCELLED);
        for (JobState waiting : Set.of(SUSPENDED, SCHEDULED, RETRYABLE)) {
            assertThat(movesFrom(waiting)).containsExactlyInAnyOrder(AVAILABLE, CANCELLED);
        }
        for (JobState ended : Set.of(COMPLETED, DISCARDED, CANCELLED)) {
            assertThat(movesFrom(ended)).containsExactly(AVAILABLE);
        }
    }

    private static Set<JobState> movesFrom(JobState state) {
        return Arrays.stream(JobState.values()).filter(state::canBecome).collect(Collectors.toSet());
    }
}
